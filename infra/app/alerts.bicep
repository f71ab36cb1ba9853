// What somebody is woken for. The queries are in alerts.json, with what each means and what to do in docs/operations.md.
param prefix string
param actionGroupName string
param location string
param tags object
param workspaceId string
param tokenVaultId string
param emails string[]

var rules = loadJsonContent('alerts.json')

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'datahealth'
    enabled: true
    emailReceivers: [for (email, index) in emails: {
      name: 'email-${index}'
      emailAddress: email
      useCommonAlertSchema: true
    }]
  }
}

resource queries 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: '${prefix}${rule.key}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: rule.title
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: rule.every
    windowSize: rule.window
    autoMitigate: true
    // A table is only there once something was written into it.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: join(rule.query, '\n')
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}]

// What the vault itself says of being asked too much: also when our own telemetry says nothing.
resource throttled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}vault-throttled'
  location: 'global'
  tags: tags
  properties: {
    description: 'Key Vault refuses calls for being too many (429): token refreshes wait, and syncs with them.'
    severity: 2
    enabled: true
    scopes: [tokenVaultId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'refused'
          metricNamespace: 'Microsoft.KeyVault/vaults'
          metricName: 'ServiceApiResult'
          dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 10
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}
