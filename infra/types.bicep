// What an environment is given, named once: main.bicep takes it, its modules use parts of it.

@export()
@description('What differs between dev and prod; the values are in stages/*.json.')
@sealed()
type stage = {
  @description('Whether nobody, not even an owner, can purge a removed secret before its retention ends. Cannot be switched off again.')
  purgeProtection: bool
  @description('For how many days removed secrets can be recovered: 7, the least there is, since what is removed here are tokens of clients who left.')
  @minValue(7)
  @maxValue(90)
  secretRetentionDays: int
  @description('Redundancy of the clients\' data.')
  dataStorageSku: 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'
  @description('Redundancy of the host\'s storage and the task hub, which are made anew after a disaster.')
  hostStorageSku: 'Standard_LRS' | 'Standard_ZRS'
  @description('For how many days a removed blob or container of the data account can be restored.')
  @minValue(1)
  @maxValue(365)
  blobRetentionDays: int
  @minValue(30)
  @maxValue(730)
  logRetentionDays: int
  @description('Gigabytes of logs a day after which ingestion stops until the next day.')
  dailyLogGigabytes: int
  @minValue(40)
  @maxValue(1000)
  maximumInstances: int
  instanceMemory: 512 | 2048 | 4096
  @description('Instances of HTTP functions that never sleep.')
  @minValue(0)
  alwaysReadyHttp: int
  @description('Instances of durable functions that never sleep.')
  @minValue(0)
  alwaysReadyDurable: int
  zoneRedundant: bool
  webSku: 'Free' | 'Standard'
  @description('Whether storage and vaults are reached over private endpoints only.')
  privateNetwork: bool
  @description('What the environment may cost in a month before somebody is told, in the subscription\'s currency; 0 for no budget.')
  @minValue(0)
  monthlyBudget: int
}

@export()
@description('The sign-in provider: any OpenID Connect provider.')
@sealed()
type signIn = {
  @minLength(1)
  authority: string
  @minLength(1)
  audience: string
  @description('For providers that never say email_verified but let nobody choose an address freely.')
  trustEmail: bool
}

@export()
@description('Our app at a provider. Its secrets are in the settings vault, never here.')
@sealed()
type providerApp = {
  @description('Empty: the provider is not offered.')
  clientId: string
  @description('Whether the app has webhooks: then their signing key is in the settings vault, too.')
  webhooks: bool
}

@export()
@description('The mail server.')
@sealed()
type mail = {
  from: string
  @description('Empty: no mail is sent.')
  host: string
  port: int
  @description('Empty: no account; else its password is in the settings vault.')
  user: string
}
