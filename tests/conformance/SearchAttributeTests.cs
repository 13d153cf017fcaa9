using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

public sealed class SearchAttributeTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private static string NewName() => "A" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Every_type_can_be_added_listed_and_removed()
    {
        var types = Enum.GetValues<IndexedValueType>().Where(t => t != IndexedValueType.Unspecified).ToDictionary(_ => NewName());
        var add = new Temporalio.Api.OperatorService.V1.AddSearchAttributesRequest { Namespace = temporal.Namespace };
        add.SearchAttributes.Add(types);

        await temporal.Client.OperatorService.AddSearchAttributesAsync(add);

        await Eventually.HoldsAsync(async () =>
        {
            var listed = (await ListAsync()).CustomAttributes;
            foreach (var (name, type) in types)
                listed[name].ShouldBe(type);
        });
        await temporal.Client.OperatorService.RemoveSearchAttributesAsync(new() { Namespace = temporal.Namespace, SearchAttributes = { types.Keys } });
        await Eventually.HoldsAsync(async () => (await ListAsync()).CustomAttributes.Keys.ShouldNotContain(name => types.ContainsKey(name)));
    }

    [Fact]
    public async Task The_system_attributes_have_their_types()
    {
        var system = (await ListAsync()).SystemAttributes;

        system["WorkflowId"].ShouldBe(IndexedValueType.Keyword);
        system["StartTime"].ShouldBe(IndexedValueType.Datetime);
        system["CloseTime"].ShouldBe(IndexedValueType.Datetime);
        system["ExecutionStatus"].ShouldBe(IndexedValueType.Keyword);
        system["HistoryLength"].ShouldBe(IndexedValueType.Int);
        system["ExecutionDuration"].ShouldBe(IndexedValueType.Int);
    }

    [Theory]
    [InlineData("WorkflowId")]
    [InlineData("StartTime")]
    [InlineData("Memo")]
    [InlineData("BatcherUser")]
    [InlineData("TemporalSomethingElse")]
    public async Task A_reserved_name_is_refused(string name)
    {
        var add = new Temporalio.Api.OperatorService.V1.AddSearchAttributesRequest
        {
            Namespace = temporal.Namespace,
            SearchAttributes = { [name] = IndexedValueType.Int },
        };

        (await Should.ThrowAsync<RpcException>(temporal.Client.OperatorService.AddSearchAttributesAsync(add)))
            .Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    [Theory]
    [InlineData("NoSuchAttribute = 'x'")]
    [InlineData("WorkflowId = ")]
    [InlineData("WorkflowId = 'a' LIMIT 1")]
    [InlineData("StartTime > 'not a time'")]
    [InlineData("ExecutionStatus = 'NoSuchStatus'")]
    [InlineData("WorkflowId = 'unclosed")]
    public async Task A_query_that_cannot_be_asked_is_an_invalid_argument(string query)
    {
        var list = temporal.Client.WorkflowService.ListWorkflowExecutionsAsync(new() { Namespace = temporal.Namespace, Query = query });
        var count = temporal.Client.WorkflowService.CountWorkflowExecutionsAsync(new() { Namespace = temporal.Namespace, Query = query });

        (await Should.ThrowAsync<RpcException>(list)).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(count)).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    private Task<Temporalio.Api.OperatorService.V1.ListSearchAttributesResponse> ListAsync() =>
        temporal.Client.OperatorService.ListSearchAttributesAsync(new() { Namespace = temporal.Namespace });
}
