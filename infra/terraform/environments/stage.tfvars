# All values are yours to change; infra/README.md, «Deploying».
project_id  = "assistant-stage-project"
region      = "europe-west1"
environment = "stage"

settings = {
  bitrix_dialect             = "native"
  bitrix_auth                = "webhook"
  bitrix_iblock_id           = 24
  bitrix_price_type_id       = 1
  bitrix_person_type_id      = 1
  bitrix_address_property_id = "7"
  bitrix_phone_property_id   = "3"
}

monitoring = {
  emails      = ["stage-alerts@example.com"]
  runbook_url = "https://git.example.com/assistant/infra/RUNBOOK.md"
}
