// Everything that one environment of Data Health is in Azure: azd provision, or
// az deployment sub create --location <region> --template-file infra/main.bicep --parameters infra/main.bicepparam
targetScope = 'subscription'

import { mail, providerApp, signIn, stage } from 'types.bicep'

@minLength(1)
@maxLength(40)
@description('The environment\'s name, e.g. datahealth-prod: part of the resource group\'s name, and what all other names are derived from.')
param environmentName string

@description('Where everything is, apart from the front end: a region that has the Flex Consumption plan.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Where the front end\'s content is managed; it is served from everywhere.')
@allowed(['centralus', 'eastasia', 'eastus2', 'westeurope', 'westus2'])
param webLocation string = 'westeurope'

@description('What differs between dev and prod.')
param stageOptions stage

@description('The sign-in provider of the people who use the product.')
param signInProvider signIn

@description('The e-mail address of the first person of our support, who invites the others.')
@minLength(3)
param firstSupportEmail string

@description('Our app at Xero.')
param xero providerApp = { clientId: '', webhooks: false }

@description('Our app at Intuit.')
param quickBooks providerApp = { clientId: '', webhooks: false }

@description('Where the books of QuickBooks are: development keys reach only Intuit\'s sandbox companies.')
@allowed(['https://quickbooks.api.intuit.com', 'https://sandbox-quickbooks.api.intuit.com'])
param quickBooksApi string = 'https://quickbooks.api.intuit.com'

@description('The mail server of invitations and digests.')
param mailServer mail = { from: '', host: '', port: 587, user: '' }

@description('The API\'s own domain, e.g. https://api.example.com; empty for the app\'s host name.')
param apiOrigin string = ''

@description('Whether a front end is deployed into a static web app of this environment. Without one there is none, and links lead to pages of the API or carry codes.')
param hasFrontEnd bool = false

@description('The front end\'s own domain, e.g. https://app.example.com, wherever it is; empty for the static web app\'s host name.')
param webOrigin string = ''

@description('Who is told of alerts and of the budget.')
@minLength(1)
param alertEmails string[]

@description('The first day of the month of the first deployment, e.g. 2026-12-01; empty for no budget.')
param budgetStart string = ''

@description('The object id of the group or person who sets secrets and restores backups; none for nobody. Never empty: an id that could not be looked up would silently leave its roles out.')
@minLength(1)
param operatorPrincipalId string

@allowed(['Group', 'User', 'ServicePrincipal'])
param operatorPrincipalType string = 'Group'

@description('Public addresses from which operators reach storage and vaults where these are private.')
param operatorAddresses string[] = []

@description('The resource id of the token vault of an environment whose backup is restored here, so that its clients need not connect again; empty for a new vault. That environment\'s functions must be stopped for good (docs/operations.md).')
param existingTokenVaultId string = ''

@description('What keeps the task hub: the host\'s storage. durableTaskScheduler is refused until the code is built for it: docs/decisions/0902 has the edits.')
@allowed(['azureStorage'])
param durableProvider string = 'azureStorage'

@description('What the names of the product\'s tables begin with. Another one is another, empty product, until a backup is restored into it.')
@minLength(1)
@maxLength(20)
param tablePrefix string = 'dh'

@description('The name of the task hub. Another one is another, empty hub.')
@minLength(1)
@maxLength(45)
param taskHub string = 'DataHealth'

@description('Further app settings (docs/configuration.md); no secrets. Not the tables\' prefix and not the task hub, which have their own parameters.')
param furtherSettings object = {}

var names = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName, product: 'data-health' }
var hasScheduler = durableProvider == 'durableTaskScheduler'
var groupName = '${names.resourceGroup}${environmentName}'

// Where the tokens are: beside everything else, or where they were.
var takesTokenVault = !empty(existingTokenVaultId)
var takenVault = split(existingTokenVaultId, '/')
var tokenVaultSubscription = takesTokenVault ? takenVault[2] : subscription().subscriptionId
var tokenVaultGroup = takesTokenVault ? takenVault[4] : groupName
var tokenVaultName = takesTokenVault ? last(takenVault) : '${names.keyVault}tok-${token}'
var tokenVaultId = resourceId(tokenVaultSubscription, tokenVaultGroup, 'Microsoft.KeyVault/vaults', tokenVaultName)

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: groupName
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  scope: group
  params: { name: '${names.managedIdentity}${token}', location: location, tags: tags }
}

module monitoring 'app/monitoring.bicep' = {
  scope: group
  params: {
    logAnalyticsName: '${names.logAnalytics}${token}'
    applicationInsightsName: '${names.applicationInsights}${token}'
    location: location
    tags: tags
    retentionDays: stageOptions.logRetentionDays
    dailyGigabytes: stageOptions.dailyLogGigabytes
  }
}

module dataStorage 'app/storage.bicep' = {
  scope: group
  name: 'data-storage'
  params: {
    name: '${names.storageAccount}data${token}'
    location: location
    tags: union(tags, { holds: 'client-data' })
    sku: stageOptions.dataStorageSku
    blobRetentionDays: stageOptions.blobRetentionDays
    isPrivate: stageOptions.privateNetwork
    operatorAddresses: operatorAddresses
  }
}

module hostStorage 'app/storage.bicep' = {
  scope: group
  name: 'host-storage'
  params: {
    name: '${names.storageAccount}host${token}'
    location: location
    tags: union(tags, { holds: 'host-and-task-hub' })
    sku: stageOptions.hostStorageSku
    containers: ['deployments']
    isPrivate: stageOptions.privateNetwork
  }
}

module tokenVault 'app/vault.bicep' = if (!takesTokenVault) {
  scope: group
  name: 'token-vault'
  params: {
    name: tokenVaultName
    location: location
    tags: union(tags, { holds: 'tokens' })
    purgeProtection: stageOptions.purgeProtection
    retentionDays: stageOptions.secretRetentionDays
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: stageOptions.privateNetwork
  }
}

module settingsVault 'app/vault.bicep' = {
  scope: group
  name: 'settings-vault'
  params: {
    name: '${names.keyVault}set-${token}'
    location: location
    tags: union(tags, { holds: 'settings' })
    purgeProtection: stageOptions.purgeProtection
    retentionDays: stageOptions.secretRetentionDays
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: stageOptions.privateNetwork
    operatorAddresses: operatorAddresses
  }
}

module roles 'app/roles.bicep' = {
  scope: group
  params: {
    principalId: identity.outputs.principalId
    dataStorageName: dataStorage.outputs.name
    hostStorageName: hostStorage.outputs.name
    settingsVaultName: settingsVault.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    operatorPrincipalId: operatorPrincipalId == 'none' ? '' : operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

module tokenRole 'app/token-role.bicep' = {
  scope: resourceGroup(tokenVaultSubscription, tokenVaultGroup)
  name: 'token-role-${token}'
  params: { principalId: identity.outputs.principalId, tokenVaultName: tokenVaultName }
  dependsOn: [tokenVault]
}

module network 'app/network.bicep' = if (stageOptions.privateNetwork) {
  scope: group
  params: {
    name: '${names.virtualNetwork}${token}'
    endpointPrefix: '${names.privateEndpoint}${token}-'
    location: location
    tags: tags
    hostStorageId: hostStorage.outputs.id
    dataStorageId: dataStorage.outputs.id
    tokenVaultId: tokenVaultId
    settingsVaultId: settingsVault.outputs.id
  }
  dependsOn: [tokenVault]
}

module scheduler 'app/scheduler.bicep' = if (hasScheduler) {
  scope: group
  params: {
    name: '${names.durableTaskScheduler}${token}'
    taskHubName: taskHub
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module web 'app/web.bicep' = if (hasFrontEnd) {
  scope: group
  params: { name: '${names.staticWebApp}${token}', location: webLocation, tags: tags, sku: stageOptions.webSku }
}

// Empty where there is no front end: an address at which nothing answers would be worse than none.
var site = empty(webOrigin) && hasFrontEnd ? web!.outputs.origin : webOrigin

module functions 'app/functions.bicep' = {
  scope: group
  params: {
    name: '${names.functionApp}${token}'
    planName: '${names.functionPlan}${token}'
    location: location
    tags: tags
    stageOptions: stageOptions
    subnetId: network.?outputs.appSubnetId ?? ''
    identityName: identity.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    hostStorageName: hostStorage.outputs.name
    dataStorageName: dataStorage.outputs.name
    tokenVaultName: tokenVaultName
    tokenVaultGroup: tokenVaultGroup
    tokenVaultSubscription: tokenVaultSubscription
    settingsVaultName: settingsVault.outputs.name
    signInProvider: signInProvider
    firstSupportEmail: firstSupportEmail
    xero: xero
    quickBooks: quickBooks
    quickBooksApi: quickBooksApi
    mailServer: mailServer
    apiOrigin: apiOrigin
    hasWeb: hasFrontEnd || !empty(webOrigin)
    webOrigin: site
    tablePrefix: tablePrefix
    taskHub: taskHub
    usesScheduler: hasScheduler
    schedulerConnection: hasScheduler
      ? 'Endpoint=${scheduler!.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${identity.outputs.clientId};TaskHub=${taskHub}'
      : ''
    furtherSettings: furtherSettings
  }
  // The app must not start before it may.
  dependsOn: [roles, tokenRole]
}

module alerts 'app/alerts.bicep' = {
  scope: group
  params: {
    prefix: '${names.alert}${environmentName}-'
    actionGroupName: '${names.actionGroup}${token}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    tokenVaultId: tokenVaultId
    emails: alertEmails
  }
  dependsOn: [tokenVault]
}

module workbook 'app/workbook.bicep' = {
  scope: group
  params: { title: 'Data Health: ${environmentName}', location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId }
}

module budget 'app/budget.bicep' = if (stageOptions.monthlyBudget > 0 && !empty(budgetStart)) {
  scope: group
  params: { name: '${names.budget}${environmentName}', amount: stageOptions.monthlyBudget, start: budgetStart, emails: alertEmails }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = functions.outputs.name
output API_URI string = functions.outputs.apiUri
output WEB_URI string = site
output XERO_REDIRECT_URI string = '${functions.outputs.apiUri}/oauth/xero/callback'
output QUICKBOOKS_REDIRECT_URI string = '${functions.outputs.apiUri}/oauth/quickbooks/callback'
output SETTINGS_VAULT_NAME string = settingsVault.outputs.name
output TOKEN_VAULT_NAME string = tokenVaultName
output LOG_WORKSPACE_NAME string = monitoring.outputs.workspaceName
output DATA_STORAGE_NAME string = dataStorage.outputs.name
output HOST_STORAGE_NAME string = hostStorage.outputs.name
