using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Workflows;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>A key of a Kubernetes Secret. Other keys of the Secret are left alone; the Secret is made when it is not there.</summary>
internal sealed class SecretSink(string name, SinkOptions options) : IKubeconfigSink
{
    private string Key => options.Key ?? "kubeconfig";

    public Task<byte[]?> ReadAsync(string cluster, CancellationToken ct) => UseAsync(async api =>
        await FindAsync(api, cluster, ct).ConfigureAwait(false) is { } secret ? secret.Data?.TryGetValue(Key, out byte[]? content) == true ? content : null : null);

    public Task WriteAsync(string cluster, byte[] content, CancellationToken ct) => UseAsync(async api =>
    {
        if (await FindAsync(api, cluster, ct).ConfigureAwait(false) is { } secret)
        {
            // The resource version goes along: a change by somebody else in between is a conflict, which is retried.
            secret.Data ??= new Dictionary<string, byte[]>();
            secret.Data[Key] = content;
            return await api.CoreV1.ReplaceNamespacedSecretAsync(secret, NameOf(cluster), options.Namespace, cancellationToken: ct).ConfigureAwait(false);
        }

        var made = new V1Secret { Metadata = new() { Name = NameOf(cluster) }, Type = "Opaque", Data = new Dictionary<string, byte[]> { [Key] = content } };
        return await api.CoreV1.CreateNamespacedSecretAsync(made, options.Namespace, cancellationToken: ct).ConfigureAwait(false);
    });

    public Task DeleteAsync(string cluster, CancellationToken ct) => UseAsync(async api =>
    {
        if (await FindAsync(api, cluster, ct).ConfigureAwait(false) is { } secret && secret.Data?.Remove(Key) == true)
            await api.CoreV1.ReplaceNamespacedSecretAsync(secret, NameOf(cluster), options.Namespace, cancellationToken: ct).ConfigureAwait(false);
        return true;
    });

    private string NameOf(string cluster) => options.Name!.Replace("{cluster}", cluster, StringComparison.Ordinal);

    private async Task<V1Secret?> FindAsync(IKubernetes api, string cluster, CancellationToken ct)
    {
        try
        {
            return await api.CoreV1.ReadNamespacedSecretAsync(NameOf(cluster), options.Namespace, cancellationToken: ct).ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<T> UseAsync<T>(Func<IKubernetes, Task<T>> call)
    {
        try
        {
            KubernetesClientConfiguration configuration = options.Kubeconfig is { } file ? await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(new FileInfo(file)).ConfigureAwait(false) : KubernetesClientConfiguration.InClusterConfig();
            using var api = new Kubernetes(configuration);
            return await call(api).ConfigureAwait(false);
        }
        catch (HttpOperationException e)
        {
            throw RotationErrors.Passing(RotationErrors.SinkFailed, $"Sink '{name}': the Kubernetes API answered {(int)e.Response.StatusCode}.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or k8s.Exceptions.KubeConfigException)
        {
            throw RotationErrors.Passing(RotationErrors.SinkFailed, $"Sink '{name}': {Redaction.Summary(e.Message)}");
        }
    }
}
