variable "project_id" {
  description = "Project."
  type        = string
}

variable "name" {
  description = "Name of the secret."
  type        = string
}

variable "protected" {
  description = "Whether it refuses to be destroyed."
  type        = bool
}

variable "destroy_ttl" {
  description = "How long a destroyed version is only switched off, such as 86400s."
  type        = string
}

variable "readers" {
  description = "Who reads versions, by a name of theirs."
  type        = map(string)
}

variable "writers" {
  description = "Who adds and destroys versions."
  type        = map(string)
  default     = {}
}
