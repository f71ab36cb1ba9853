// The Durable Task Scheduler, where it keeps the task hub in place of the host's storage (docs/decisions/0902). Off by default.
param name string
param taskHubName string
param location string
param tags object
param principalId string

// Durable Task Data Contributor.
var role = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'Consumption' }
    // It knows identities only. An empty list would refuse everybody.
    ipAllowlist: ['0.0.0.0/0']
  }

  resource taskHub 'taskHubs' = {
    name: taskHubName
    properties: {}
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: scheduler::taskHub
  name: guid(scheduler::taskHub.id, principalId, role)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}

output endpoint string = scheduler.properties.endpoint
