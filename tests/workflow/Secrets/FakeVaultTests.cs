using Rotation.Tests.Workflow.Fakes;
using Rotation.Workflows.Activities;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Secrets;

/// <summary>The judge of the other tests: wrong orders of moves are found by it.</summary>
public sealed class FakeVaultTests
{
    [Theory]
    [InlineData("k1,k0")]
    [InlineData("k1")]
    public void A_new_key_that_writes_before_all_can_read_it_is_found(string keys)
    {
        var cluster = new FakeCluster("c.example.com", controlPlane: 2);
        Roll(cluster, keys, nodes: 1);

        cluster.Violations.ShouldNotBeEmpty();
    }

    [Fact]
    public void An_old_key_that_is_removed_before_every_Secret_is_written_again_is_found()
    {
        var cluster = new FakeCluster("c.example.com", controlPlane: 2);
        Roll(cluster, "k0,k1", nodes: 2);
        Roll(cluster, "k1,k0", nodes: 2);
        cluster.Violations.ShouldBeEmpty();

        Roll(cluster, "k1", nodes: 1);

        cluster.Violations.ShouldNotBeEmpty();
    }

    private static void Roll(FakeCluster cluster, string keys, int nodes)
    {
        cluster.Vault.Contents[SecretName.EncryptionConfig] = keys;
        cluster.Publish();
        foreach (FakeNode old in cluster.Nodes.Where(n => n.NeedsUpdate(cluster.Published)).Take(nodes).ToArray())
            cluster.Change("roll", () =>
            {
                cluster.Terminate(old.Id);
                return true;
            });
    }
}
