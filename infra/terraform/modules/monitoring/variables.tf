variable "project_id" {
  description = "Project."
  type        = string
}

variable "name" {
  description = "What metrics and alerts are named after."
  type        = string
}

variable "limits" {
  description = "Whom alerts go to, where they point, and when they go off."
  type = object({
    emails              = set(string)
    channels            = set(string)
    runbook_url         = string
    quiet_hours         = number
    log_bytes_per_day   = number
    search_p95_ms       = number
    overdue_seconds     = number
    queue_depth         = number
    pending_updates     = number
    dead_letters_kept   = number
    retries_per_5_min   = number
    rejected_per_5_min  = number
    token_quiet_minutes = number
  })
}

variable "oauth" {
  description = "Whether there is a token to keep fresh."
  type        = bool
}

variable "queues" {
  description = "Short names of the queues."
  type        = map(string)
}

variable "services" {
  description = "Names of the services behind the functions."
  type        = map(string)
}

variable "webhook_host" {
  description = "Host of the function that Telegram calls."
  type        = string
}

variable "project_number" {
  description = "The project's number, by which a budget knows it."
  type        = string
}

variable "budget" {
  description = "What a month may cost before people are told; null: nobody is."
  type        = object({ billing_account = string, monthly = number, currency = string })
  default     = null
}
