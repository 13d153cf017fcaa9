using Rotation.Activities.Keysets;
using Rotation.Activities.Kubeconfigs;

namespace Rotation.Activities.Trust;

/// <summary>What the trust activities read besides the servers themselves.</summary>
/// <param name="Keysets">The keysets in the state store.</param>
/// <param name="Credential">The worker's own kubeconfig.</param>
/// <param name="Sinks">The sinks, for their names.</param>
/// <param name="Copies">The copies kept of what the sinks held.</param>
internal sealed record TrustReads(KeysetReader Keysets, WorkerCredential Credential, Sinks Sinks, KeptCopies Copies);
