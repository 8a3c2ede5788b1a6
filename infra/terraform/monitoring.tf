module "monitoring" {
  source = "./modules/monitoring"

  project_id = var.project_id
  name       = var.name
  limits     = var.monitoring
  oauth      = local.oauth
  queues     = local.queue_names
  services   = local.function_names

  webhook_host   = trimprefix(local.urls.telegram_update, "https://")
  budget         = var.budget
  project_number = data.google_project.this.number

  depends_on = [google_project_service.this]
}
