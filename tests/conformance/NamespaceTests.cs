using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

public sealed class NamespaceTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    [Fact]
    public async Task The_namespace_describes_itself_with_what_the_sdk_relies_on()
    {
        var answer = await temporal.Client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = temporal.Namespace });

        answer.NamespaceInfo.Name.ShouldBe(temporal.Namespace);
        answer.NamespaceInfo.State.ShouldBe(Temporalio.Api.Enums.V1.NamespaceState.Registered);
        answer.NamespaceInfo.Id.ShouldNotBeEmpty();
        answer.NamespaceInfo.Capabilities.SyncUpdate.ShouldBeTrue();
        answer.NamespaceInfo.Capabilities.AsyncUpdate.ShouldBeTrue();
        answer.Config.WorkflowExecutionRetentionTtl.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_namespace_can_be_described_by_its_id()
    {
        var byName = await temporal.Client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = temporal.Namespace });

        var byId = await temporal.Client.WorkflowService.DescribeNamespaceAsync(new() { Id = byName.NamespaceInfo.Id });

        byId.NamespaceInfo.Name.ShouldBe(temporal.Namespace);
    }

    [Fact]
    public async Task An_unknown_namespace_is_not_found_with_its_name()
    {
        var name = RandomId.New("nowhere");

        var failure = await Should.ThrowAsync<RpcException>(temporal.Client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = name }));

        failure.Code.ShouldBe(RpcException.StatusCode.NotFound);
        failure.GrpcStatus.Value!.Details.ShouldHaveSingleItem()
            .Unpack<Temporalio.Api.ErrorDetails.V1.NamespaceNotFoundFailure>().Namespace.ShouldBe(name);
    }

    [Fact]
    public async Task A_list_of_namespaces_has_it()
    {
        var answer = await temporal.Client.WorkflowService.ListNamespacesAsync(new() { PageSize = 1000 });

        answer.Namespaces.Select(n => n.NamespaceInfo.Name).ShouldContain(temporal.Namespace);
    }

    [Fact]
    public async Task The_system_advertises_what_the_sdk_needs()
    {
        var answer = await temporal.Client.WorkflowService.GetSystemInfoAsync(new());

        answer.ServerVersion.ShouldNotBeEmpty();
        answer.Capabilities.SdkMetadata.ShouldBeTrue();
        answer.Capabilities.InternalErrorDifferentiation.ShouldBeTrue();
        answer.Capabilities.EncodedFailureAttributes.ShouldBeTrue();
        answer.Capabilities.ActivityFailureIncludeHeartbeat.ShouldBeTrue();
        answer.Capabilities.SupportsSchedules.ShouldBeTrue();
        answer.Capabilities.CountGroupByExecutionStatus.ShouldBeTrue();
    }

    [Fact]
    public async Task The_cluster_names_itself()
    {
        var answer = await temporal.Client.WorkflowService.GetClusterInfoAsync(new());

        answer.ClusterName.ShouldNotBeEmpty();
        answer.ClusterId.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_service_is_healthy() => (await temporal.Client.Connection.CheckHealthAsync()).ShouldBeTrue();
}
