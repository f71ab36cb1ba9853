// The private network: the app inside it, storage and vaults reached through endpoints in it, and names that lead there.
param name string
param endpointPrefix string
param location string
param tags object
param hostStorageId string
param dataStorageId string
param tokenVaultId string
param settingsVaultId string

var suffix = environment().suffixes.storage

// Only what is called: the app's data lies in tables.
var endpoints = [
  { key: 'host-blob', target: hostStorageId, kind: 'blob' }
  { key: 'host-queue', target: hostStorageId, kind: 'queue' }
  { key: 'host-table', target: hostStorageId, kind: 'table' }
  { key: 'data-table', target: dataStorageId, kind: 'table' }
  { key: 'tokens', target: tokenVaultId, kind: 'vault' }
  { key: 'settings', target: settingsVaultId, kind: 'vault' }
]

var kinds = ['blob', 'queue', 'table', 'vault']

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.20.0.0/24'
          // What the Flex Consumption plan asks for.
          delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.20.1.0/24'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }
  resource inner 'subnets' existing = { name: 'endpoints' }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [for kind in kinds: {
  name: kind == 'vault' ? 'privatelink.vaultcore.azure.net' : 'privatelink.${kind}.${suffix}'
  location: 'global'
  tags: tags
}]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (kind, index) in kinds: {
  parent: zone[index]
  name: name
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = [for each in endpoints: {
  name: '${endpointPrefix}${each.key}'
  location: location
  tags: tags
  properties: {
    subnet: { id: network::inner.id }
    privateLinkServiceConnections: [
      { name: each.key, properties: { privateLinkServiceId: each.target, groupIds: [each.kind] } }
    ]
  }
}]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [for (each, index) in endpoints: {
  parent: endpoint[index]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      { name: each.kind, properties: { privateDnsZoneId: zone[indexOf(kinds, each.kind)].id } }
    ]
  }
}]

output appSubnetId string = network::app.id
