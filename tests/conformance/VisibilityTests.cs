using Google.Protobuf;
using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>What lists understand, and in which words they refuse.</summary>
public sealed class VisibilityTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);

    [Theory]
    [InlineData("WorkflowId = abc", "operation is not supported: column name on the right side of comparison expression (did you forget to quote 'abc'?)")]
    [InlineData("NoSuchAttribute = 'x'", "column name 'NoSuchAttribute' is not a valid search attribute")]
    [InlineData("ExecutionStatus = 'running'", "'running'")]
    [InlineData("StartTime > '2026-11-24'", "'2026-11-24'")]
    [InlineData("StartTime > '2026-11-24T10:00:00'", "'2026-11-24T10:00:00'")]
    [InlineData("WorkflowId", "incomplete expression")]
    [InlineData("WorkflowId = 'a' LIMIT 1", "operation is not supported: 'limit' clause")]
    [InlineData("WorkflowId = ", "malformed SQL query: ")]
    [InlineData("TemporalChangeVersion STARTS_WITH 'a'", "not")]
    public async Task A_query_is_refused_with_what_is_wrong_with_it(string query, string words)
    {
        var refused = await ByHand.RefusedAsync(() => ListAsync(query));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldStartWith("invalid query: ");
        refused.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("'Running'")]
    [InlineData("'WORKFLOW_EXECUTION_STATUS_RUNNING'")]
    [InlineData("1")]
    public async Task A_status_may_be_asked_for_by_either_name_or_number(string status)
    {
        await _run.StartAsync();

        await Eventually.HoldsAsync(async () => (await ListAsync($"WorkflowId = '{_run.Id}' AND ExecutionStatus = {status}")).Executions.Count.ShouldBe(1));
    }

    [Fact]
    public async Task A_page_over_the_limit_is_the_limit()
    {
        await _run.StartAsync();

        await Eventually.HoldsAsync(async () => (await temporal.Client.WorkflowService.ListWorkflowExecutionsAsync(
            new() { Namespace = temporal.Namespace, Query = $"WorkflowId = '{_run.Id}'", PageSize = 1_000_000 })).Executions.Count.ShouldBe(1));
    }

    [Theory]
    [InlineData("WorkflowId = 'a'", "cannot filter on \"WorkflowId\"")]
    [InlineData("TemporalSchedulePaused = true AND ExecutionStatus = 'Running'", "cannot filter on \"ExecutionStatus\"")]
    public async Task Schedules_are_not_found_by_what_belongs_to_workflows(string query, string words)
    {
        var refused = await ByHand.RefusedAsync(() => temporal.Client.WorkflowService.ListSchedulesAsync(new() { Namespace = temporal.Namespace, Query = query }));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldBe($"invalid query filter for schedules: {words}");
    }

    [Fact]
    public async Task An_attribute_that_is_there_keeps_its_type_and_one_that_is_not_is_removed_without_a_word()
    {
        string name = "A" + Guid.NewGuid().ToString("N");
        await AddAsync(name, IndexedValueType.Bool);
        await Eventually.HoldsAsync(async () => (await CustomAsync()).ShouldContainKey(name));

        await AddAsync(name, IndexedValueType.Int);

        (await CustomAsync())[name].ShouldBe(IndexedValueType.Bool);
        await temporal.Client.OperatorService.RemoveSearchAttributesAsync(new() { Namespace = temporal.Namespace, SearchAttributes = { name } });
        await temporal.Client.OperatorService.RemoveSearchAttributesAsync(new() { Namespace = temporal.Namespace, SearchAttributes = { "B" + name } });
    }

    [Theory]
    [InlineData("TemporalChangeVersion", "invalid value for search attribute TemporalChangeVersion of type KeywordList: one")]
    [InlineData("WorkflowType", "WorkflowType attribute can't be set in SearchAttributes")]
    public async Task An_attribute_that_cannot_be_so_is_refused(string name, string words)
    {
        var refused = await ByHand.RefusedAsync(() => _run.StartAsync(r => r.SearchAttributes = new()
        {
            IndexedFields = { [name] = new() { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") }, Data = ByteString.CopyFromUtf8("\"one\"") } },
        }));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldBe(words);
    }

    private Task<Temporalio.Api.WorkflowService.V1.ListWorkflowExecutionsResponse> ListAsync(string query) =>
        temporal.Client.WorkflowService.ListWorkflowExecutionsAsync(new() { Namespace = temporal.Namespace, Query = query });

    private Task<AddSearchAttributesResponse> AddAsync(string name, IndexedValueType type) =>
        temporal.Client.OperatorService.AddSearchAttributesAsync(new() { Namespace = temporal.Namespace, SearchAttributes = { [name] = type } });

    private async Task<IDictionary<string, IndexedValueType>> CustomAsync() =>
        (await temporal.Client.OperatorService.ListSearchAttributesAsync(new() { Namespace = temporal.Namespace })).CustomAttributes;
}
