# All values are yours to change; infra/README.md, «Deploying».
project_id  = "assistant-prod-project"
region      = "europe-west1"
environment = "prod"

settings = {
  bitrix_dialect             = "native"
  bitrix_auth                = "oauth"
  bitrix_client_id           = "local.0123456789abcd.01234567"
  bitrix_iblock_id           = 24
  bitrix_price_type_id       = 1
  bitrix_person_type_id      = 1
  bitrix_address_property_id = "7"
  bitrix_phone_property_id   = "3"
}

# One warm instance where somebody waits for an answer.
functions = {
  telegram_update = { min_instances = 1 }
  bitrix_call     = { min_instances = 1 }
}

static_egress = { enabled = true }

monitoring = {
  emails      = ["alerts@example.com"]
  runbook_url = "https://git.example.com/assistant/infra/RUNBOOK.md"
}
