# The six functions: what each is, and what it needs. tests/infra/ holds these lists to what the code reads.

locals {
  root = "${path.module}/../.."

  common_settings = ["google_cloud_project", "log_level", "timezone", "firestore_database", "trace_export"]
  queue_settings  = ["bitrix_queue", "bitrix_call_url", "telegram_queue", "telegram_send_url", "tasks_service_account"]
  oauth_settings  = ["bitrix_auth", "bitrix_client_id", "bitrix_oauth_url", "bitrix_token_secret", "bitrix_token_refresh"]

  # settings, secrets: what it reads. queues: where it puts tasks. caller: who may call it (null: everybody; the code asks
  # for a secret). without: what of shared/ stays out of its zip. egress: whether it calls the portal.
  functions = {
    telegram_update = {
      description = "Telegram's webhook"
      caller      = null
      settings = concat(local.common_settings, local.queue_settings, [
        "bitrix_buyer_user_id", "bitrix_deliveries", "bitrix_dialect", "bitrix_talks_in_crm", "telegram_api_base",
        "telegram_operators_chat_id", "telegram_updates_per_minute",
      ])
      secrets = ["telegram_bot_token", "telegram_webhook_secret", "invite_secret"]
      queues  = ["bitrix", "telegram"]
      without = ["bitrix/contract", "bitrix/native", "bitrix/tokens"]
      egress  = false
      size    = { memory_mb = 512, cpu = 1, concurrency = 40, min_instances = 0, max_instances = 10 }
    }
    bitrix_webhook = {
      description = "Events of the portal"
      caller      = null
      settings = concat(local.common_settings, local.queue_settings, [
        "bitrix_deal_stage_map", "bitrix_dialect", "bitrix_member_id", "bitrix_returns_entity_type_id",
      ])
      secrets = ["webhook_secret", "bitrix_application_token"]
      queues  = ["bitrix"]
      without = ["bitrix/contract", "bitrix/native", "bitrix/tokens", "bitrix/limits", "assistant/search"]
      egress  = false
      size    = { memory_mb = 512, cpu = 1, concurrency = 40, min_instances = 0, max_instances = 5 }
    }
    bitrix_call = {
      description = "One permit, one HTTP request to the portal"
      caller      = "tasks"
      settings = concat(local.common_settings, local.queue_settings, local.oauth_settings, [
        "bitrix_accessories_property", "bitrix_address_property_id", "bitrix_analogues_property", "bitrix_article_property", "bitrix_buyer_user_id", "bitrix_calls_per_second",
        "bitrix_currency", "bitrix_deal_stage_map", "bitrix_deliveries", "bitrix_delivery_id", "bitrix_dialect", "bitrix_disk_folder_id",
        "bitrix_ean_property", "bitrix_eta_property_id", "bitrix_external_order", "bitrix_iblock_id", "bitrix_inventory", "bitrix_offers_article_property", "bitrix_offers_ean_property",
        "bitrix_offers_iblock_id", "bitrix_order_in_phases", "bitrix_pay_system_cod", "bitrix_pay_system_prepaid",
        "bitrix_person_type_id", "bitrix_phone_property_id", "bitrix_price_ranges", "bitrix_price_type_id",
        "bitrix_quote_by_lists", "bitrix_return_method", "bitrix_return_stage_map", "bitrix_returns_category_id",
        "bitrix_returns_entity_type_id", "bitrix_returns_field_prefix", "bitrix_slot_property_id", "bitrix_status_map", "bitrix_stores",
        "bitrix_units", "bitrix_variation_properties", "bitrix_vat_on_top", "bitrix_writes_in_flight",
        "telegram_api_base", "telegram_operators_chat_id", "cash_confirmation",
      ])
      secrets = ["telegram_bot_token", "bitrix_base_url", "bitrix_client_secret"]
      queues  = ["bitrix", "telegram"]
      without = []
      egress  = true
      size    = { memory_mb = 512, cpu = 1, concurrency = 10, min_instances = 0, max_instances = 3 }
    }
    telegram_send = {
      description = "Messages that could not go out at once"
      caller      = "tasks"
      settings    = concat(local.common_settings, local.queue_settings, ["telegram_api_base"])
      secrets     = ["telegram_bot_token"]
      queues      = ["bitrix", "telegram"]
      without     = ["bitrix/contract", "bitrix/native", "bitrix/tokens", "bitrix/limits"]
      egress      = false
      size        = { memory_mb = 512, cpu = 1, concurrency = 20, min_instances = 0, max_instances = 4 }
    }
    housekeeping = {
      description = "Sweeps up what a crash left behind"
      caller      = "scheduler"
      settings    = concat(local.common_settings, local.queue_settings, ["bitrix_deal_stage_map", "bitrix_dialect", "telegram_api_base"])
      secrets     = ["telegram_bot_token"]
      queues      = ["bitrix", "telegram"]
      without     = ["bitrix/contract", "bitrix/native", "bitrix/tokens", "bitrix/limits"]
      egress      = false
      size        = { memory_mb = 512, cpu = 1, concurrency = 4, min_instances = 0, max_instances = 1 }
    }
    token_refresh = {
      description = "Keeps the OAuth token fresh"
      caller      = "scheduler"
      settings    = concat(local.common_settings, local.oauth_settings)
      secrets     = ["bitrix_client_secret"]
      queues      = []
      without     = ["assistant", "telegram"]
      egress      = false
      size        = { memory_mb = 512, cpu = 1, concurrency = 4, min_instances = 0, max_instances = 1 }
    }
  }

  function_names = { for name in keys(local.functions) : name => "${var.name}-${replace(name, "_", "-")}" }

  # Cloud Run's addresses can be told beforehand from the project's number.
  urls = { for name, service in local.function_names :
    name => "https://${service}-${data.google_project.this.number}.${var.region}.run.app"
  }

  # How long a request may take, as main.py says; the platform waits a little longer, so that the code answers first.
  seconds = { for name in keys(local.functions) :
    name => tonumber(regex("(?m)^SECONDS = (\\d+)$", file("${local.root}/functions/${name}/main.py"))[0])
  }

  sizes = { for name, function in local.functions : name => merge(
    function.size,
    { for key, value in try(var.functions[name], {}) : key => value if value != null },
  ) }

  # Path in the zip → file here: main.py and the requirements at the root, as the buildpack wants them, shared/ beside.
  sources = fileset(local.root, var.sources)
  files = { for name, function in local.functions : name => merge(
    {
      "main.py"          = "${local.root}/functions/${name}/main.py"
      "requirements.txt" = "${local.root}/infra/requirements/functions/${name}.txt"
    },
    { for path in local.sources : path => "${local.root}/${path}"
      if !anytrue([for folder in function.without : startswith(path, "shared/${folder}/")])
    },
  ) }
}

data "google_project" "this" {
  project_id = var.project_id
}

module "function" {
  source   = "./modules/function"
  for_each = local.functions

  project_id            = var.project_id
  region                = var.region
  name                  = local.function_names[each.key]
  description           = each.value.description
  entry_point           = each.key
  runtime               = var.runtime
  service_account       = google_service_account.function[each.key].email
  build_service_account = time_sleep.roles.triggers["account"]
  bucket                = google_storage_bucket.sources.name
  repository            = time_sleep.roles.triggers["repository"]
  files                 = local.files[each.key]
  size                  = local.sizes[each.key]
  timeout_seconds       = local.seconds[each.key] + 4
  egress                = each.value.egress ? module.egress.access : null
  invoker = (
    each.value.caller == null ? "allUsers" : "serviceAccount:${local.callers[each.value.caller]}"
  )

  environment = merge(
    # Else the framework puts its own log handlers in the place of ours, and pydantic looks through every installed
    # package for plugins.
    { LOG_EXECUTION_ID = "false", PYDANTIC_DISABLE_PLUGINS = "__all__" },
    { for name in each.value.settings : upper(name) => local.settings[name] if contains(keys(local.settings), name) },
  )
  secrets = { for name in each.value.secrets :
    upper(name) => { secret = module.secret[name].id, version = local.secret_versions[name] }
    if contains(local.secrets_in_use, name)
  }
}
