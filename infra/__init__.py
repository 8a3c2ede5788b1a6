"""What runs the system: Terraform, the sandbox, the `assistant` command. Nothing in `shared/` imports it."""
