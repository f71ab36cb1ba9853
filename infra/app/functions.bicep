// The functions: a Flex Consumption plan and the app in it, with every setting that it is given.
import { mail, providerApp, signIn, stage } from '../types.bicep'

param name string
param planName string
param location string
param tags object
param stageOptions stage
param subnetId string

param identityName string
param applicationInsightsName string
param hostStorageName string
param dataStorageName string
param tokenVaultName string
param tokenVaultGroup string
param tokenVaultSubscription string
param settingsVaultName string

param signInProvider signIn
param firstSupportEmail string
param xero providerApp
param quickBooks providerApp
param quickBooksApi string
param mailServer mail

@description('Where browsers reach the API; empty for the app\'s own host name.')
param apiOrigin string

@description('Whether there is a front end.')
param hasWeb bool

@description('Where browsers reach it.')
param webOrigin string

@description('What the names of the product\'s tables begin with.')
param tablePrefix string

@description('The name of the task hub.')
param taskHub string

@description('Whether the Durable Task Scheduler keeps the task hub.')
param usesScheduler bool

@description('Its address and the identity, where it does.')
param schedulerConnection string

@description('Further settings, e.g. { Xero__DayLimit: \'1000\' }; no secrets. They win over the others.')
param furtherSettings object

var deploymentContainer = 'deployments'
var api = empty(apiOrigin) ? 'https://${app.properties.defaultHostName}' : apiOrigin

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: dataStorageName
}

resource tokenVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  scope: resourceGroup(tokenVaultSubscription, tokenVaultGroup)
  name: tokenVaultName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: stageOptions.zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Callbacks, webhooks and the front end come from outside.
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    clientAffinityEnabled: false
    // Certificates of the app's own domain lie at the app on this plan. It can be said only when the app is made; the compiler's types do not know it yet.
    #disable-next-line BCP037
    siteScopedCertificatesEnabled: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${deploymentContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: stageOptions.instanceMemory
        maximumInstanceCount: stageOptions.maximumInstances
        alwaysReady: filter([
          { name: 'http', instanceCount: stageOptions.alwaysReadyHttp }
          { name: 'durable', instanceCount: stageOptions.alwaysReadyDurable }
        ], group => group.instanceCount > 0)
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      cors: { allowedOrigins: hasWeb ? [webOrigin] : [] }
    }
  }

  // Nobody deploys with a password.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(hostSettings, schedules, storageSettings, productSettings, webSettings, xeroSettings, quickBooksSettings, mailSettings, schedulerSettings, furtherSettings)
  }
}

// What the host and the telemetry ask for. The host reads the schedules before our code runs, and only from here (docs/decisions/0502).
var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AzureWebJobsStorage__blobServiceUri: hostStorage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: hostStorage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: hostStorage.properties.primaryEndpoints.table
  // host.json names it: the scale controller reads the hub's name there and resolves it from here, and sees no AzureFunctionsJobHost__… (docs/decisions/0903).
  TaskHub: taskHub
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
}

var schedules = {
  DigestSchedule: '0 10 * * * *'
  DueSyncSchedule: '0 */5 * * * *'
  KeepAliveSchedule: '20 2-59/5 * * * *'
  RetentionSchedule: '0 7-59/10 * * * *'
  SweepSchedule: '30 */5 * * * *'
  TendSchedule: '45 */5 * * * *'
  WebhookDrainSchedule: '30 4/5 * * * *'
}

var storageSettings = {
  Storage__TablesUri: dataStorage.properties.primaryEndpoints.table
  Storage__BlobsUri: dataStorage.properties.primaryEndpoints.blob
  Storage__TablePrefix: tablePrefix
  Storage__ManagedIdentityClientId: identity.properties.clientId
  Vault__Uri: tokenVault.properties.vaultUri
  Vault__ManagedIdentityClientId: identity.properties.clientId
  Telemetry__ManagedIdentityClientId: identity.properties.clientId
}

var productSettings = {
  Auth__Authority: signInProvider.authority
  Auth__Audience: signInProvider.audience
  Auth__TrustEmail: string(signInProvider.trustEmail)
  Connections__CallbackBaseUri: '${api}/api'
  Members__FirstSupportEmail: firstSupportEmail
}

// Without a front end a consent ends on a page of the API, and invitations and shares carry a code in place of a link.
var webSettings = hasWeb ? {
  Web__ConnectResultUri: '${webOrigin}/connected'
  Web__InvitationUri: '${webOrigin}/join'
  Web__SharedOverviewUri: '${webOrigin}/shared'
} : {}

// A reference names no version: a rotated secret is taken within a day, or when somebody asks for it (docs/operations.md). A restart alone does not.
var secret = '@Microsoft.KeyVault(VaultName=${settingsVaultName};SecretName='

var xeroSettings = empty(xero.clientId) ? {} : union({
  Xero__ClientId: xero.clientId
  Xero__ClientSecret: '${secret}Xero--ClientSecret)'
}, xero.webhooks ? { Xero__WebhookKey: '${secret}Xero--WebhookKey)' } : {})

var quickBooksSettings = empty(quickBooks.clientId) ? {} : union({
  QuickBooks__ClientId: quickBooks.clientId
  QuickBooks__ClientSecret: '${secret}QuickBooks--ClientSecret)'
  QuickBooks__ApiUri: quickBooksApi
}, quickBooks.webhooks ? { QuickBooks__WebhookVerifierToken: '${secret}QuickBooks--WebhookVerifierToken)' } : {})

var mailSettings = empty(mailServer.host) ? {} : union({
  Notices__From: mailServer.from
  Notices__SmtpHost: mailServer.host
  Notices__SmtpPort: string(mailServer.port)
}, hasWeb ? { Notices__LinkTo: webOrigin } : {}, empty(mailServer.user) ? {} : {
  Notices__SmtpUser: mailServer.user
  Notices__SmtpPassword: '${secret}Notices--SmtpPassword)'
})

// host.json names it where the code is built for the scheduler (docs/decisions/0902).
var schedulerSettings = !usesScheduler ? {} : {
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: schedulerConnection
}

output name string = app.name
output apiUri string = '${api}/api'
