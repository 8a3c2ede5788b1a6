# Containers only: payloads are added by people (infra/README.md, «Deploying») or, of the token, by the code. None is in the state.

locals {
  # Destroying a version only switches it off for this long: time to undo a rotation.
  static_undo  = "604800s"
  rotated_undo = "86400s"

  static_secrets = toset(flatten([for function in local.functions : function.secrets]))
  secret_ids     = { for name in setunion(local.static_secrets, ["bitrix_token"]) : name => "${var.name}-${replace(name, "_", "-")}" }

  # A function cannot start with a secret that has no version, so those of a mode that is off are not asked for.
  secrets_in_use = setsubtract(local.static_secrets, compact([
    local.oauth ? "" : "bitrix_client_secret",
    contains(local.event_modes, "json") ? "" : "webhook_secret",
    contains(local.event_modes, "form") ? "" : "bitrix_application_token",
  ]))

  # The first version of a secret is 1. An instance that runs would not notice a newer one: a version is a deployment.
  secret_versions = { for name in local.static_secrets : name => lookup(var.secret_versions, name, "1") }

  token_keepers = toset(local.oauth ? ["bitrix_call", "token_refresh"] : [])
}

module "secret" {
  source   = "./modules/secret"
  for_each = local.static_secrets

  project_id  = var.project_id
  name        = local.secret_ids[each.key]
  destroy_ttl = local.static_undo
  protected   = var.protected
  readers = { for name, function in local.functions :
    name => google_service_account.function[name].member
    if contains(function.secrets, each.key) && contains(local.secrets_in_use, each.key)
  }

  depends_on = [google_project_service.this]
}

# The OAuth pair: a new version each hour, read by its number through the API.
module "token" {
  source = "./modules/secret"

  project_id  = var.project_id
  name        = local.secret_ids["bitrix_token"]
  destroy_ttl = local.rotated_undo
  protected   = var.protected
  readers     = { for name in local.token_keepers : name => google_service_account.function[name].member }
  writers     = { for name in local.token_keepers : name => google_service_account.function[name].member }

  depends_on = [google_project_service.this]
}
