# What the code says, for the tests to compare with: read from its sources, so that the tests need nothing but Terraform.

locals {
  root     = "${path.module}/../../../.."
  sources  = { for path in fileset(local.root, "shared/**/*.py") : path => file("${local.root}/${path}") }
  settings = split("\nclass Settings(", file("${local.root}/shared/settings.py"))[1]
  fields   = regexall("(?m)^    ([a-z_]+): ([A-Za-z| ]+) = Field\\(([^\n]*)", local.settings)
}

output "settings" {
  description = "Settings that have a meaning in the cloud."
  value       = toset([for field in local.fields : field[0] if !strcontains(field[2], "local only") && field[0] != "store"])
}

output "secrets" {
  description = "Settings that are secret."
  value       = toset([for field in local.fields : field[0] if can(regex("Secret|BotToken", field[1]))])
}

output "collections" {
  description = "Collections the code names."
  value = toset(concat(
    flatten([for source in local.sources : [for match in regexall("(?m)^[A-Z_]*COLLECTION = \"([a-z_]+)\"", source) : match[0]]]),
    flatten([for source in local.sources : [for match in regexall("collection=\"([a-z_]+)\"", source) : match[0]]]),
  ))
}

output "eternal" {
  description = "Collections whose records have no lifetime (shared/README.md, «Records»: the column says –)."
  value       = toset([for match in regexall("(?m)^\\| `([a-z_]+)` \\| – \\|", file("${local.root}/shared/README.md")) : match[0]])
}

output "functions" {
  description = "The functions."
  value       = toset([for path in fileset(local.root, "functions/*/main.py") : split("/", path)[1]])
}
