import { generateManifests } from './generate-manifests.ts'

await generateManifests('/tmp/manifests', {
  services: 10_000,
  endpointsPerService: 10,
  form: 'workloads',
})
