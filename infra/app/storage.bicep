// A storage account without keys: the app's data and the host's are one each (docs/decisions/0901).
param name string
param location string
param tags object
param sku string

@description('Containers that must be there before the app is.')
param containers string[] = []

@description('For how many days removed blobs and containers can be restored; 0 for what is made anew anyway.')
param blobRetentionDays int = 0

@description('Whether the account is reached over private endpoints only.')
param isPrivate bool

@description('Public addresses that may reach a private account all the same, e.g. of those who restore a backup.')
param operatorAddresses string[] = []

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate && empty(operatorAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
      ipRules: [for address in operatorAddresses: { value: address, action: 'Allow' }]
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: blobRetentionDays > 0 ? { enabled: true, days: blobRetentionDays } : { enabled: false }
    containerDeleteRetentionPolicy: blobRetentionDays > 0 ? { enabled: true, days: blobRetentionDays } : { enabled: false }
  }

  resource container 'containers' = [for each in containers: {
    name: each
    properties: { publicAccess: 'None' }
  }]
}

output name string = account.name
output id string = account.id
output blobUri string = account.properties.primaryEndpoints.blob
output queueUri string = account.properties.primaryEndpoints.queue
output tableUri string = account.properties.primaryEndpoints.table
