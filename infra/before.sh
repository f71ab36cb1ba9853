#!/bin/sh
# Runs before every provisioning, by azd (azure.yaml) and by .github/workflows/deploy.yml, with the environment's variables: registers what the subscription lacks,
# and stops what would switch a running environment to other tables or another token vault. Reads only, but for the registration.
set -eu

stop() {
  echo "$1" >&2
  exit 1
}

# azd has a subscription of its own, which need not be the Azure CLI's.
azure() {
  if [ -n "${AZURE_SUBSCRIPTION_ID:-}" ]; then
    az "$@" --subscription "$AZURE_SUBSCRIPTION_ID"
  else
    az "$@"
  fi
}

case "${DATAHEALTH_FURTHER_SETTINGS:-}" in
  *Storage__TablePrefix* | *'"TaskHub"'* | *durableTask__hubName* | *Vault__Uri*)
    stop "DATAHEALTH_FURTHER_SETTINGS names the tables' prefix, the task hub or the token vault: give them by DATAHEALTH_TABLE_PREFIX, DATAHEALTH_TASK_HUB and DATAHEALTH_TOKEN_VAULT_ID." ;;
esac

[ -n "${DATAHEALTH_OPERATOR_ID:-}" ] ||
  stop "DATAHEALTH_OPERATOR_ID is empty: nobody could set secrets or restore a backup. Give the object id of a group or person, or none."

# The subnet of the app is delegated to it; a subscription that never had a container app does not know it.
state=$(azure provider show --namespace Microsoft.App --query registrationState --output tsv)
if [ "$state" != Registered ]; then
  echo "Registering Microsoft.App in the subscription; this takes a minute or two."
  azure provider register --namespace Microsoft.App --wait
fi

group="rg-$AZURE_ENV_NAME"
# As text whatever the CLI is set to: a table would have a heading.
there=$(azure group exists --name "$group" --output tsv)
[ "$there" = true ] || exit 0
# An empty text for what is not there, whichever way the CLI writes it.
app=$(azure functionapp list --resource-group "$group" --query "[0].name || ''" --output tsv)
[ -n "$app" ] || exit 0

# What the running app works on, against what would be set. An app from before these were parameters has neither.
deployed() {
  azure functionapp config appsettings list --resource-group "$group" --name "$app" --query "[?name=='$1'].value | [0] || ''" --output tsv
}
prefix=$(deployed Storage__TablePrefix)
hub=$(deployed TaskHub)
prefix=${prefix:-dh}
hub=${hub:-DataHealth}
wanted="${DATAHEALTH_TABLE_PREFIX:-dh}/${DATAHEALTH_TASK_HUB:-DataHealth}"
if [ "$prefix/$hub" != "$wanted" ] && [ "${DATAHEALTH_SWITCH_TO:-}" != "$wanted" ]; then
  stop "$app works on the tables and the task hub $prefix/$hub, and this would switch it to $wanted. Was a backup restored there since? Then set DATAHEALTH_TABLE_PREFIX=$prefix and DATAHEALTH_TASK_HUB=$hub here too. To switch it: DATAHEALTH_SWITCH_TO=$wanted azd provision."
fi

# A vault of the environment's own is in its group; one that a restore brought along is named by its id.
vault=$(deployed Vault__Uri)
vault=${vault#https://}
vault=${vault%%.*}
own=$(azure keyvault list --resource-group "$group" --query "[?name=='$vault'].name | [0] || ''" --output tsv)
wanted=${DATAHEALTH_TOKEN_VAULT_ID:-}
wanted=${wanted##*/}
if [ -n "$vault" ] && [ "$vault" != "${wanted:-$own}" ]; then
  stop "$app keeps its tokens in the vault $vault, and this would give it another. Set DATAHEALTH_TOKEN_VAULT_ID to the id of $vault here too."
fi
