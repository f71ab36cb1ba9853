// The app's right at the vault of the tokens, which may be another environment's that is restored here: read, written, removed, looked for among the removed, recovered and purged.
param principalId string
param tokenVaultName string

var keyVaultSecretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource tokenVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: tokenVaultName
}

resource tokens 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: tokenVault
  name: guid(tokenVault.id, principalId, keyVaultSecretsOfficer)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsOfficer)
  }
}
