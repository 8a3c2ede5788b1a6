variable "project_id" {
  description = "Project."
  type        = string
}

variable "region" {
  description = "Region."
  type        = string
}

variable "name" {
  description = "Name of the function and of the service behind it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,48}[a-z0-9]$", var.name))
    error_message = "A function's name must be 2-50 of a-z, 0-9 and -: with the project's number it makes one label of an address."
  }
}

variable "description" {
  description = "What it is for."
  type        = string
}

variable "entry_point" {
  description = "Name of the function in main.py."
  type        = string
}

variable "runtime" {
  description = "Runtime, such as python311."
  type        = string
}

variable "service_account" {
  description = "E-mail of the account it runs as."
  type        = string
}

variable "build_service_account" {
  description = "Full name of the account that builds it."
  type        = string
}

variable "bucket" {
  description = "Bucket of the zips."
  type        = string
}

variable "repository" {
  description = "Full name of the repository of the images, in the same project and region."
  type        = string
}

variable "files" {
  description = "Path in the zip → file on this machine."
  type        = map(string)

  validation {
    condition     = contains(keys(var.files), "main.py") && contains(keys(var.files), "requirements.txt")
    error_message = "The buildpack wants main.py and requirements.txt at the root of the zip."
  }
}

variable "size" {
  description = "Memory, processors and how many requests and instances at once."
  type = object({
    memory_mb     = number
    cpu           = number
    concurrency   = number
    min_instances = number
    max_instances = number
  })

  validation {
    condition     = var.size.min_instances <= var.size.max_instances
    error_message = "min_instances must not be more than max_instances."
  }
}

variable "timeout_seconds" {
  description = "How long a request may take."
  type        = number
}

variable "environment" {
  description = "Environment variables that are not secret."
  type        = map(string)
}

variable "secrets" {
  description = "Environment variable → secret and its version."
  type        = map(object({ secret = string, version = string }))
}

variable "invoker" {
  description = "The one who may call it: allUsers, or an account."
  type        = string

  validation {
    condition     = var.invoker == "allUsers" || startswith(var.invoker, "serviceAccount:")
    error_message = "invoker must be allUsers or one service account."
  }
}

variable "egress" {
  description = "Network that its calls leave through; null: the usual way."
  type        = object({ connector = optional(string), network = optional(string), subnetwork = optional(string) })
  default     = null
}
