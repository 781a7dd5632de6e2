/** One in each namespace where a pod asked for it. */
export const variablesConfigMapName = 'signpost-service-variables'
