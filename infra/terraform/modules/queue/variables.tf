variable "project_id" {
  description = "Project."
  type        = string
}

variable "region" {
  description = "Region."
  type        = string
}

variable "name" {
  description = "Short name."
  type        = string
}

variable "protected" {
  description = "Whether it refuses to be destroyed."
  type        = bool
}

variable "rate" {
  description = "Tasks a second, and at once."
  type        = object({ per_second = number, concurrent = number })
}

variable "retry" {
  description = "When a task that failed is tried again. It is given up when both limits are reached."
  type = object({
    max_attempts       = number
    max_retry_duration = string
    min_backoff        = string
    max_backoff        = string
    max_doublings      = number
  })
}

variable "enqueuers" {
  description = "Who may put tasks in, by a name of theirs."
  type        = map(string)
}
