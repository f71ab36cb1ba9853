#!/bin/sh
# Runs before every provisioning, by azd (azure.yaml) and by .github/workflows/deploy.yml, with the environment's variables: registers what the subscription lacks,
# and stops what would switch a running environment to other tables. Reads only, but for the registration.
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
  *Storage__TablePrefix* | *durableTask__hubName*)
    stop "DATAHEALTH_FURTHER_SETTINGS names the tables' prefix or the task hub: give them by DATAHEALTH_TABLE_PREFIX and DATAHEALTH_TASK_HUB." ;;
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
there=$(azure group exists --name "$group")
[ "$there" = true ] || exit 0
# An empty text for what is not there, whichever way the CLI writes it.
app=$(azure functionapp list --resource-group "$group" --query "[0].name || ''" --output tsv)
[ -n "$app" ] || exit 0

# What the running app works on, against what would be set. An app from before these were parameters has neither.
deployed() {
  azure functionapp config appsettings list --resource-group "$group" --name "$app" --query "[?name=='$1'].value | [0] || ''" --output tsv
}
prefix=$(deployed Storage__TablePrefix)
hub=$(deployed AzureFunctionsJobHost__extensions__durableTask__hubName)
prefix=${prefix:-dh}
hub=${hub:-DataHealth}
wanted="${DATAHEALTH_TABLE_PREFIX:-dh}/${DATAHEALTH_TASK_HUB:-DataHealth}"
if [ "$prefix/$hub" != "$wanted" ] && [ "${DATAHEALTH_SWITCH_TO:-}" != "$wanted" ]; then
  stop "$app works on the tables and the task hub $prefix/$hub, and this would switch it to $wanted. Was a backup restored there since? Then set DATAHEALTH_TABLE_PREFIX=$prefix and DATAHEALTH_TASK_HUB=$hub here too. To switch it: DATAHEALTH_SWITCH_TO=$wanted azd provision."
fi
