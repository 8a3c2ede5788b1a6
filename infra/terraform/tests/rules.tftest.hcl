# The rules that matter, against a plan of prod's kind: OAuth, whitelisting, the native dialect.

mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      email  = "mock@mock.iam.gserviceaccount.com"
      member = "serviceAccount:mock@mock.iam.gserviceaccount.com"
    }
  }
}

# Who calls a function, and who does not, must be two.
override_resource {
  target = google_service_account.scheduler_invoker
  values = {
    email  = "scheduler@mock.iam.gserviceaccount.com"
    member = "serviceAccount:scheduler@mock.iam.gserviceaccount.com"
  }
}

mock_provider "archive" {}
mock_provider "time" {}

variables {
  # Nothing here starts a function.
  sources = "shared/status.py"

  project_id    = "assistant-test-project"
  region        = "europe-west1"
  environment   = "prod"
  static_egress = { enabled = true }
  event_modes   = ["json", "form"]

  secret_versions = { telegram_bot_token = "2" }

  settings = {
    bitrix_auth                    = "oauth"
    bitrix_client_id               = "local.1"
    bitrix_dialect                 = "native"
    bitrix_oauth_url               = "https://oauth.example/oauth/token/"
    bitrix_token_refresh           = "auto"
    bitrix_writes_in_flight        = 6
    bitrix_member_id               = "m"
    bitrix_iblock_id               = 24
    bitrix_accessories_property    = "property135"
    bitrix_analogues_property      = "property115"
    bitrix_ean_property            = "property125"
    bitrix_article_property        = "property105"
    bitrix_offers_iblock_id        = 25
    bitrix_offers_article_property = "property205"
    bitrix_offers_ean_property     = "property225"
    bitrix_variation_properties    = "property210"
    bitrix_price_type_id           = 1
    bitrix_person_type_id          = 1
    bitrix_pay_system_prepaid      = "1"
    bitrix_pay_system_cod          = "2"
    bitrix_deliveries              = { "1" = { name = "Курьер", price = 350 } }
    bitrix_delivery_id             = "1"
    bitrix_deliveries              = { "2" = { name = "Самовывоз", pickup = true } }
    bitrix_address_property_id     = "7"
    bitrix_phone_property_id       = "3"
    bitrix_eta_property_id         = "9"
    bitrix_currency                = "RUB"
    bitrix_stores                  = 6
    bitrix_price_ranges            = 10
    bitrix_inventory               = true
    bitrix_units                   = true
    bitrix_talks_in_crm            = true
    bitrix_vat_on_top              = true
    bitrix_quote_by_lists          = false
    bitrix_order_in_phases         = false
    bitrix_external_order          = true
    bitrix_buyer_user_id           = "5"
    bitrix_return_method           = "app.rma.add"
    bitrix_returns_entity_type_id  = 177
    bitrix_returns_category_id     = 1
    bitrix_returns_field_prefix    = "ufCrm12"
    bitrix_disk_folder_id          = "8"
    bitrix_slot_property_id        = "31"
    bitrix_status_map              = { F = "FINISHED" }
    bitrix_deal_stage_map          = { EXECUTING = "WAITING_FOR_DELIVERY" }
    bitrix_return_stage_map        = { "DT177_1:NEW" = "RETURN_IN_PROGRESS" }
    cash_confirmation              = "operators"
    telegram_api_base              = "https://api.example"
    telegram_operators_chat_id     = -100123
    telegram_updates_per_minute    = 120
    timezone                       = "Europe/Moscow"
    log_level                      = "INFO"
    trace_export                   = true
  }

  monitoring = {
    emails      = ["alerts@example.com"]
    runbook_url = "https://git.example.com/infra/RUNBOOK.md"
  }
}

run "code" {
  module {
    source = "./tests/code"
  }
}

run "prod" {
  command = apply

  assert {
    condition     = toset(keys(module.function)) == run.code.functions
    error_message = "There must be one function for each folder of functions/."
  }

  assert {
    condition     = toset([for name, function in module.function : name if function.public]) == toset(["telegram_update", "bitrix_webhook"])
    error_message = "Only the two webhooks may be public."
  }

  assert {
    condition = alltrue([for name, function in module.function :
      function.ingress == (function.public ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY") && length(function.invokers) == 1
    ])
    error_message = "A private function is internal, and every function has exactly one who may call it."
  }

  assert {
    condition = alltrue([for name, caller in {
      bitrix_call = "tasks", telegram_send = "tasks", housekeeping = "scheduler", token_refresh = "scheduler",
    } : module.function[name].invokers == toset(["serviceAccount:${output.service_accounts[caller]}"])])
    error_message = "A private function is called by its one caller."
  }

  assert {
    condition = toset(flatten([for function in module.function :
      [for name in concat(keys(function.environment.plain), tolist(function.environment.secret)) : lower(name) if !contains(["LOG_EXECUTION_ID", "PYDANTIC_DISABLE_PLUGINS"], name)]
    ])) == run.code.settings
    error_message = "Every setting of the code is set for some function, and none that it does not know."
  }

  assert {
    condition     = alltrue([for function in module.function : function.environment.plain["LOG_EXECUTION_ID"] == "false"])
    error_message = "LOG_EXECUTION_ID must be false, or the framework replaces the log handlers."
  }

  assert {
    condition     = alltrue([for function in module.function : function.environment.plain["PYDANTIC_DISABLE_PLUGINS"] == "__all__"])
    error_message = "PYDANTIC_DISABLE_PLUGINS must be __all__, or each start looks through every package for plugins."
  }

  assert {
    condition     = alltrue([for function in module.function : function.environment.plain["TRACE_EXPORT"] == "true"])
    error_message = "Every function that may send its spans is told to."
  }

  assert {
    condition     = length(setsubtract(run.code.secrets, keys(module.secret))) == 0 && contains(keys(module.secret), "bitrix_base_url")
    error_message = "Every secret that the code reads must exist."
  }

  assert {
    condition = alltrue([for function in module.function :
      length(setintersection([for name in keys(function.environment.plain) : lower(name)], setunion(run.code.secrets, ["bitrix_base_url"]))) == 0
    ])
    error_message = "No secret may be a plain environment variable."
  }

  assert {
    condition     = toset(module.secret["telegram_bot_token"].readers) == toset(["telegram_update", "bitrix_call", "telegram_send", "housekeeping"])
    error_message = "The bot's token is read by those who speak to Telegram."
  }

  assert {
    condition     = alltrue([for line in split("\n", output.environment) : can(regex("^export [A-Z_]+='[^']*'$|^export [A-Z_]+=\"\\$\\(gcloud secrets versions access ", line))])
    error_message = "The environment for the command line names settings, and where to fetch secrets."
  }

  assert {
    condition = (
      alltrue(flatten([for function in module.function : [for version in values(function.environment.versions) : can(regex("^[0-9]+$", version))]]))
      && module.function["telegram_send"].environment.versions["TELEGRAM_BOT_TOKEN"] == "2"
      && module.function["bitrix_call"].environment.versions["BITRIX_BASE_URL"] == "1"
      && !strcontains(output.environment, "access latest") && strcontains(output.environment, "access 2 ")
    )
    error_message = "Versions are named, for what is added as latest reaches no instance that runs."
  }

  assert {
    condition     = toset(module.secret["bitrix_base_url"].readers) == toset(["bitrix_call"])
    error_message = "The portal's address is read by the one who calls it."
  }

  assert {
    condition = (
      toset(module.token.readers) == toset(["bitrix_call", "token_refresh"]) && toset(module.token.writers) == toset(["bitrix_call", "token_refresh"])
    )
    error_message = "The OAuth pair is read and renewed by the two that keep it."
  }

  assert {
    condition     = length(setsubtract(setsubtract(run.code.collections, run.code.eternal), module.firestore.expiring)) == 0
    error_message = "Every collection whose records expire needs a TTL policy: add it to store.tf."
  }

  assert {
    condition     = length(setsubtract(run.code.collections, keys(local.collections))) == 0
    error_message = "store.tf lacks a collection."
  }

  assert {
    condition     = contains(module.firestore.due, "jobs")
    error_message = "Jobs are asked for what is due."
  }

  assert {
    condition = (
      module.firestore.database.type == "FIRESTORE_NATIVE" && module.firestore.database.protection == "DELETE_PROTECTION_ENABLED"
      && module.firestore.database.recovery == "POINT_IN_TIME_RECOVERY_ENABLED"
    )
    error_message = "The database is native, protected, and can be read back."
  }

  assert {
    condition     = module.firestore.database.backups == "1209600s"
    error_message = "A day's copy is kept for two weeks, for what is noticed after the seven days that can be read back."
  }

  assert {
    condition     = tostring(module.queue["bitrix"].rate) == module.function["bitrix_call"].environment.plain["BITRIX_CALLS_PER_SECOND"]
    error_message = "The pace of the queue and the setting are one number."
  }

  assert {
    condition     = module.queue["bitrix"].rate == 2 && module.queue["bitrix"].concurrent == 10 && module.queue["telegram"].rate == 25
    error_message = "A portal bears 2 calls a second, Telegram 25 messages."
  }

  assert {
    condition     = !contains(module.queue["bitrix"].enqueuers, "token_refresh") && !contains(module.queue["telegram"].enqueuers, "bitrix_webhook")
    error_message = "Only who creates tasks may."
  }

  assert {
    condition     = alltrue([for binding in google_project_iam_member.build : !contains(["roles/editor", "roles/owner"], binding.role)])
    error_message = "No broad roles."
  }

  assert {
    condition = (
      strcontains(google_project_iam_member.build["roles/storage.objectViewer"].condition[0].expression, "projects/_/buckets/assistant-test-project-assistant-sources/")
      && strcontains(google_project_iam_member.build["roles/storage.objectViewer"].condition[0].expression, "projects/_/buckets/gcf-v2-sources-")
    )
    error_message = "Who builds reads the zips, and not the state of Terraform, which lies in a bucket of the same project."
  }

  assert {
    condition = (
      alltrue([for function in module.function : function.repository == google_artifact_registry_repository.images.id])
      && google_artifact_registry_repository_iam_member.build.repository == google_artifact_registry_repository.images.name
      && !contains(keys(google_project_iam_member.build), "roles/artifactregistry.writer")
    )
    error_message = "Images go into our own repository, and who builds writes into no other."
  }

  assert {
    condition = {
      for policy in google_artifact_registry_repository.images.cleanup_policies : policy.action => (
        policy.action == "KEEP" ? tostring(policy.most_recent_versions[0].keep_count) : policy.condition[0].older_than
      )
    } == { KEEP = "5", DELETE = "86400s" }
    error_message = "The newest images of each function are kept, and no others."
  }

  assert {
    condition     = length(google_project_iam_audit_config.secrets) == 0
    error_message = "Who reads payloads is logged where somebody asks for it."
  }

  assert {
    condition     = alltrue([for name, function in module.function : (function.connector != null && function.connector != "") == (name == "bitrix_call")])
    error_message = "Only the function that calls the portal goes through the fixed address."
  }

  assert {
    condition     = output.egress_ip != null
    error_message = "The fixed address is told."
  }

  assert {
    condition     = alltrue([for name, url in module.monitoring.alerts : url == "https://git.example.com/infra/RUNBOOK.md#${name}"])
    error_message = "Each alert points to its entry of the runbook."
  }

  assert {
    condition     = contains(keys(module.monitoring.alerts), "token-not-refreshed")
    error_message = "With OAuth somebody watches the token."
  }

  assert {
    condition     = alltrue([for job in google_cloud_scheduler_job.this : !job.paused && job.http_target[0].oidc_token[0].service_account_email == output.service_accounts.scheduler])
    error_message = "Both schedules run, and prove who they are."
  }
}
