output "urls" {
  description = "Address of each function."
  value       = local.urls
}

output "telegram_webhook_url" {
  description = "What Telegram is told to call."
  value       = local.urls.telegram_update
}

output "bitrix_webhook_url" {
  description = "What the portal is told to call."
  value       = "${local.urls.bitrix_webhook}/webhook/bitrix"
}

output "egress_ip" {
  description = "The address the portal is called from; null when it is not fixed."
  value       = module.egress.ip
}

output "service_accounts" {
  description = "The account of each function, and of the callers."
  value = merge(
    { for name, account in google_service_account.function : name => account.email },
    local.callers,
    { build = google_service_account.build.email },
  )
}

output "secrets" {
  description = "Secret Manager's name of each secret that needs a version before the functions can start."
  value       = { for name in local.secrets_in_use : name => module.secret[name].id }
}

output "token_secret" {
  description = "Secret Manager's name of the OAuth token pair; null with a webhook's key."
  value       = local.oauth ? module.token.id : null
}

output "forge" {
  description = "What the forge's jobs are told: the provider that takes their tokens, and the account they become; null where none may."
  value = var.forge == null ? null : {
    provider = google_iam_workload_identity_pool_provider.forge["github"].name
    accounts = { for name, account in google_service_account.forge : name => account.email }
  }
}

output "environment" {
  description = "What `assistant preflight`, `webhooks`, `tokens` and `invite` read, as lines for a shell. Secrets are fetched by whoever runs them; none is in here."
  value = join("\n", concat(
    [for name, value in local.settings : "export ${upper(name)}='${replace(value, "'", "'\\''")}'"],
    [for name in local.secrets_in_use :
      "export ${upper(name)}=\"$(gcloud secrets versions access ${local.secret_versions[name]} --project=${var.project_id} --secret=${local.secret_ids[name]})\""
    ],
  ))
}

output "next_steps" {
  description = "What is left to do by hand."
  value = join("\n", compact([
    "1. Set the Telegram webhook: assistant webhooks set --url ${local.urls.telegram_update}",
    "2. Send the portal's events: assistant webhooks events --url ${local.urls.bitrix_webhook}/webhook/bitrix",
    module.egress.ip == null ? "" : "3. Let ${module.egress.ip} in at the portal",
    "Then look whether all fits together: assistant preflight --telegram-webhook ${local.urls.telegram_update} --bitrix-webhook ${local.urls.bitrix_webhook}/webhook/bitrix",
    "At last make an invite: assistant invite --bitrix-user ID",
  ]))
}
