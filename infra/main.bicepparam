// The parameters of one environment. azd fills the variables from its own environment (azd env set NAME value), az from the shell.
using 'main.bicep'

var stages = {
  dev: loadJsonContent('stages/dev.json')
  prod: loadJsonContent('stages/prod.json')
}

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param webLocation = readEnvironmentVariable('DATAHEALTH_WEB_LOCATION', 'westeurope')

// dev or prod. Nothing is assumed: prod's vaults can never lose their purge protection again.
param stageOptions = stages[readEnvironmentVariable('DATAHEALTH_STAGE')]

param signInProvider = {
  authority: readEnvironmentVariable('DATAHEALTH_SIGNIN_AUTHORITY')
  audience: readEnvironmentVariable('DATAHEALTH_SIGNIN_AUDIENCE')
  trustEmail: bool(readEnvironmentVariable('DATAHEALTH_SIGNIN_TRUST_EMAIL', 'false'))
}
param firstSupportEmail = readEnvironmentVariable('DATAHEALTH_FIRST_SUPPORT_EMAIL')

param xero = {
  clientId: readEnvironmentVariable('DATAHEALTH_XERO_CLIENT_ID', '')
  webhooks: bool(readEnvironmentVariable('DATAHEALTH_XERO_WEBHOOKS', 'false'))
}
param quickBooks = {
  clientId: readEnvironmentVariable('DATAHEALTH_QUICKBOOKS_CLIENT_ID', '')
  webhooks: bool(readEnvironmentVariable('DATAHEALTH_QUICKBOOKS_WEBHOOKS', 'false'))
}
param quickBooksApi = readEnvironmentVariable('DATAHEALTH_QUICKBOOKS_API', 'https://quickbooks.api.intuit.com')

param mailServer = {
  from: readEnvironmentVariable('DATAHEALTH_MAIL_FROM', '')
  host: readEnvironmentVariable('DATAHEALTH_MAIL_HOST', '')
  port: int(readEnvironmentVariable('DATAHEALTH_MAIL_PORT', '587'))
  user: readEnvironmentVariable('DATAHEALTH_MAIL_USER', '')
}

param apiOrigin = readEnvironmentVariable('DATAHEALTH_API_ORIGIN', '')
param hasFrontEnd = bool(readEnvironmentVariable('DATAHEALTH_FRONT_END', 'false'))
param webOrigin = readEnvironmentVariable('DATAHEALTH_WEB_ORIGIN', '')

// Separated by commas, with or without blanks.
param alertEmails = filter(map(split(readEnvironmentVariable('DATAHEALTH_ALERT_EMAILS'), ','), address => trim(address)), address => !empty(address))
param budgetStart = readEnvironmentVariable('DATAHEALTH_BUDGET_START', '')

// The object id, or none: an empty one is what a look-up that failed leaves behind.
param operatorPrincipalId = readEnvironmentVariable('DATAHEALTH_OPERATOR_ID')
param operatorPrincipalType = readEnvironmentVariable('DATAHEALTH_OPERATOR_TYPE', 'Group')
param operatorAddresses = filter(map(split(readEnvironmentVariable('DATAHEALTH_OPERATOR_ADDRESSES', ''), ','), address => trim(address)), address => !empty(address))

// Only where a backup of another environment is restored into this one.
param existingTokenVaultId = readEnvironmentVariable('DATAHEALTH_TOKEN_VAULT_ID', '')

param durableProvider = readEnvironmentVariable('DATAHEALTH_DURABLE_PROVIDER', 'azureStorage')

// What a restore into other names switches (docs/operations.md). infra/before.sh stops a provisioning that would switch them back.
param tablePrefix = readEnvironmentVariable('DATAHEALTH_TABLE_PREFIX', 'dh')
param taskHub = readEnvironmentVariable('DATAHEALTH_TASK_HUB', 'DataHealth')

// JSON, e.g. {"Xero__DayLimit":"1000"}.
param furtherSettings = json(readEnvironmentVariable('DATAHEALTH_FURTHER_SETTINGS', '{}'))
