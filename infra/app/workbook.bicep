// The page that people on call look at first. Its panels are in workbook.json.
param title string
param location string
param tags object
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // A workbook's name is a GUID; this one stays the same.
  name: guid(resourceGroup().id, 'datahealth')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: title
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: string(loadJsonContent('workbook.json'))
  }
}
