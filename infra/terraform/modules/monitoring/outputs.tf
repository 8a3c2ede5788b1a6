output "alerts" {
  description = "Alert → where it points."
  value       = { for name, policy in merge(google_monitoring_alert_policy.this, google_monitoring_alert_policy.burn) : name => policy.documentation[0].links[0].url }
}

output "events" {
  description = "Log events that something is counted from."
  value       = distinct(flatten([for metric in merge(local.counters, local.distributions) : metric.events]))
}
