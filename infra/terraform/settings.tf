# Settings of the functions (shared/settings.py) that are neither secret nor made here. Names and meaning: infra/README.md, «Settings».

variable "settings" {
  description = "Settings by their names in small letters; what is left out keeps the default of the code."
  type = object({
    bitrix_address_property_id     = optional(string)
    bitrix_article_property        = optional(string)
    bitrix_auth                    = optional(string, "webhook")
    bitrix_buyer_user_id           = optional(string)
    bitrix_client_id               = optional(string)
    bitrix_currency                = optional(string)
    bitrix_deal_stage_map          = optional(map(string))
    bitrix_deliveries              = optional(map(object({ name = string, price = optional(number), term = optional(string, ""), pickup = optional(bool, false) })))
    bitrix_delivery_id             = optional(string)
    bitrix_accessories_property    = optional(string)
    bitrix_analogues_property      = optional(string)
    bitrix_ean_property            = optional(string)
    bitrix_dialect                 = optional(string, "native")
    bitrix_disk_folder_id          = optional(string)
    bitrix_eta_property_id         = optional(string)
    bitrix_external_order          = optional(bool)
    bitrix_iblock_id               = optional(number)
    bitrix_inventory               = optional(bool)
    bitrix_member_id               = optional(string)
    bitrix_offers_article_property = optional(string)
    bitrix_offers_ean_property     = optional(string)
    bitrix_offers_iblock_id        = optional(number)
    bitrix_oauth_url               = optional(string)
    bitrix_order_in_phases         = optional(bool)
    bitrix_pay_system_cod          = optional(string)
    bitrix_pay_system_prepaid      = optional(string)
    bitrix_person_type_id          = optional(number)
    bitrix_phone_property_id       = optional(string)
    bitrix_price_ranges            = optional(number)
    bitrix_price_type_id           = optional(number)
    bitrix_quote_by_lists          = optional(bool)
    bitrix_return_method           = optional(string)
    bitrix_return_stage_map        = optional(map(string))
    bitrix_returns_category_id     = optional(number)
    bitrix_returns_entity_type_id  = optional(number)
    bitrix_returns_field_prefix    = optional(string)
    bitrix_slot_property_id        = optional(string)
    bitrix_status_map              = optional(map(string))
    bitrix_stores                  = optional(number)
    bitrix_talks_in_crm            = optional(bool)
    bitrix_token_refresh           = optional(string)
    bitrix_units                   = optional(bool)
    bitrix_variation_properties    = optional(string)
    bitrix_vat_on_top              = optional(bool)
    bitrix_writes_in_flight        = optional(number)
    cash_confirmation              = optional(string)
    log_level                      = optional(string)
    trace_export                   = optional(bool)
    telegram_api_base              = optional(string)
    telegram_operators_chat_id     = optional(number)
    telegram_updates_per_minute    = optional(number)
    timezone                       = optional(string)
  })
  nullable = false

  validation {
    condition     = contains(["native", "contract"], var.settings.bitrix_dialect)
    error_message = "settings.bitrix_dialect must be native or contract."
  }

  validation {
    condition     = contains(["webhook", "oauth"], var.settings.bitrix_auth)
    error_message = "settings.bitrix_auth must be webhook or oauth."
  }

  validation {
    condition     = var.settings.bitrix_auth == "webhook" || var.settings.bitrix_client_id != null
    error_message = "settings.bitrix_client_id is needed with bitrix_auth = \"oauth\": the id of the portal's local application."
  }

  validation {
    condition     = var.settings.bitrix_token_refresh == null ? true : contains(["auto", "always", "never"], var.settings.bitrix_token_refresh)
    error_message = "settings.bitrix_token_refresh must be auto, always or never."
  }

  validation {
    condition = var.settings.bitrix_dialect == "contract" || alltrue([
      var.settings.bitrix_iblock_id != null, var.settings.bitrix_price_type_id != null, var.settings.bitrix_person_type_id != null,
    ])
    error_message = "settings needs bitrix_iblock_id, bitrix_price_type_id and bitrix_person_type_id with the native dialect."
  }

  validation {
    condition     = var.settings.bitrix_dialect == "contract" || can(regex("^[0-9]+$", var.settings.bitrix_address_property_id))
    error_message = "settings.bitrix_address_property_id must be the property's number with the native dialect."
  }

  validation {
    condition     = var.settings.telegram_updates_per_minute == null ? true : var.settings.telegram_updates_per_minute >= 10 && var.settings.telegram_updates_per_minute <= 100000
    error_message = "settings.telegram_updates_per_minute must be 10 to 100000."
  }

  validation {
    condition     = var.settings.bitrix_writes_in_flight == null ? true : var.settings.bitrix_writes_in_flight >= 1 && var.settings.bitrix_writes_in_flight <= 50
    error_message = "settings.bitrix_writes_in_flight must be 1 to 50."
  }

  validation {
    condition = alltrue([
      for status in concat([for map in [var.settings.bitrix_status_map, var.settings.bitrix_return_stage_map, var.settings.bitrix_deal_stage_map] : values(coalesce(map, {}))]...) :
      contains([
        "NEW", "PAYED", "WAITING_FOR_DELIVERY", "SHIPPED", "DELIVERED", "FINISHED", "CANCELED", "RETURN_IN_PROGRESS",
        "RETURN_COMPLETED", "RETURN_REJECTED",
      ], status)
    ])
    error_message = "bitrix_status_map, bitrix_return_stage_map and bitrix_deal_stage_map lead from the portal's codes to the ten statuses of shared/assistant/README.md, «Statuses»."
  }

  validation {
    condition     = var.settings.log_level == null ? true : contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.settings.log_level)
    error_message = "settings.log_level must be DEBUG, INFO, WARNING or ERROR; metrics and alerts need INFO."
  }

  validation {
    condition     = alltrue([for url in compact([var.settings.telegram_api_base, var.settings.bitrix_oauth_url]) : startswith(url, "https://")])
    error_message = "settings.telegram_api_base and settings.bitrix_oauth_url must be https addresses."
  }
}

locals {
  oauth       = var.settings.bitrix_auth == "oauth"
  event_modes = coalesce(var.event_modes, toset(var.settings.bitrix_dialect == "contract" ? ["json"] : ["form"]))

  # Settings that follow from what is made here. Queue names and addresses are known before the queues and functions are,
  # so that neither waits for the other.
  made_settings = {
    bitrix_call_url         = local.urls.bitrix_call
    bitrix_calls_per_second = var.queues.bitrix.per_second
    bitrix_queue            = local.queue_ids.bitrix
    bitrix_token_secret     = local.oauth ? local.secret_ids.bitrix_token : null
    firestore_database      = local.database
    google_cloud_project    = var.project_id
    tasks_service_account   = google_service_account.tasks_invoker.email
    telegram_queue          = local.queue_ids.telegram
    telegram_send_url       = local.urls.telegram_send
  }

  # One name → text map; maps travel as JSON, and an empty text is what the code takes for «not set».
  settings = merge(
    { for name, value in var.settings : name => try(tostring(value), jsonencode(value)) if value != null },
    { for name, value in local.made_settings : name => tostring(value) if value != null },
  )
}
