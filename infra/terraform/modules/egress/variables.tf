variable "project_id" {
  description = "Project."
  type        = string
}

variable "region" {
  description = "Region."
  type        = string
}

variable "name" {
  description = "Name of the network and all in it."
  type        = string
}

variable "enabled" {
  description = "Whether there is anything of it."
  type        = bool
}

variable "through" {
  description = "connector or direct."
  type        = string
}

variable "protected" {
  description = "Whether it refuses to be destroyed."
  type        = bool
}

variable "cidr" {
  description = "A free range of 64 addresses."
  type        = string
}
