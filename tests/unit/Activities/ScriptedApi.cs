using System.Text;

namespace Rotation.Tests.Unit.Activities;

/// <summary>A cluster whose API server answers as a test says: the real Kubernetes client against it.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private readonly TestKeypair _ca = new("kubernetes-ca", 1_700_000_000_000_000_001);
    private readonly List<TlsPeer> _servers = [];

    /// <param name="answer">Gets "METHOD PATH" and gives status and body.</param>
    public ScriptedApi(Func<string, (string Status, string Body)> answer)
    {
        TlsPeer api = Add(answer);
        Cluster = new(new() { [$"Rotation:Clusters:{TestCluster.Ref.Name}:ApiServerAddress"] = api.Address.ToString() }, new QuietCloud());
        Cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _ca, _ca));
        string bundle = Convert.ToBase64String(Encoding.ASCII.GetBytes(_ca.Certificate.ExportCertificatePem()));
        File.WriteAllText(
            Path.Combine(Cluster.Folder, "export.yaml"),
            $"apiVersion: v1\nkind: Config\nclusters:\n- name: test.example.com\n  cluster:\n    certificate-authority-data: {bundle}\n    server: https://api.test.example.com\n    tls-server-name: api.internal.test.example.com\ncontexts:\n- name: test.example.com\n  context: {{cluster: test.example.com, user: test.example.com}}\ncurrent-context: test.example.com\nusers:\n- name: test.example.com\n  user: {{token: x}}\n");
        Cluster.Script("cp \"$TEST/export.yaml\" \"$4\"");
    }

    public TestCluster Cluster { get; }

    /// <summary>One more API server of the cluster.</summary>
    public TlsPeer Add(Func<string, (string Status, string Body)> answer)
    {
        var server = new TlsPeer(_ca, [_ca], "api.internal.test.example.com", answer);
        _servers.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        foreach (TlsPeer server in _servers)
            await server.DisposeAsync();
        _ca.Dispose();
    }
}
