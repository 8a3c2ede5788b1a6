variable "project_id" {
  description = "Project."
  type        = string
}

variable "database" {
  description = "Name of the database."
  type        = string
}

variable "location" {
  description = "Where it is, for good."
  type        = string
}

variable "point_in_time_recovery" {
  description = "Whether the last seven days can be read back."
  type        = bool
}

variable "backup_days" {
  description = "How many days a day's backup is kept."
  type        = number
}

variable "delete_protection" {
  description = "Whether it refuses to be deleted."
  type        = bool
}

variable "collections" {
  description = "Collection → whether its records expire (expires_at), and whether it is asked for what is due (due_at)."
  type        = map(object({ ttl = bool, due = bool }))
}

variable "users" {
  description = "Who reads and writes, by a name of theirs."
  type        = map(string)
}
