using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>The fake tells right from wrong; otherwise tests on it prove nothing.</summary>
public sealed class FakeClusterTests
{
    [Fact]
    public void Promoting_before_every_node_trusts_the_new_keypair_is_noticed()
    {
        var cluster = new FakeCluster("a.b");
        string id = cluster.NewId();
        cluster.Ca.Add(id);
        cluster.Ca.Promote(id);
        cluster.Publish();
        cluster.Change("lose a node", () =>
        {
            cluster.Terminate(cluster.Nodes[^1].Id);
            return true;
        });
        cluster.Violations.ShouldContain(v => v.Contains("does not trust", StringComparison.Ordinal));
    }

    [Fact]
    public void Nodes_keep_what_they_booted_with()
    {
        var cluster = new FakeCluster("a.b");
        cluster.Ca.Add(cluster.NewId());
        cluster.Publish();
        cluster.Nodes.ShouldAllBe(n => n.Boot.Trusted.Count == 1 && n.NeedsUpdate(cluster.Published));
        cluster.Change("roll", () =>
        {
            cluster.Terminate("i-001");
            return true;
        });
        cluster.Nodes.Single(n => n.Group == "control-plane-0").Boot.Trusted.Count.ShouldBe(2);
        cluster.Violations.ShouldBeEmpty();
    }
}
