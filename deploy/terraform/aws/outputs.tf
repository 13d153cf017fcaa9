output "read_role_arn" {
  description = "For rotation check and for people who only look."
  value       = aws_iam_role.read.arn
}

output "mutate_role_arn" {
  description = "For the worker: eks.amazonaws.com/role-arn on its service account, or role_arn in its AWS profile."
  value       = aws_iam_role.mutate.arn
}
