using System.Text.Json.Nodes;
using Google.Protobuf;
using Rotation.DevServer.Store;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Shouldly;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Xunit;

namespace Rotation.Tests.DevServer.Visibility;

public sealed class SearchAttributeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registered_attributes_are_there_after_a_restart_and_only_in_their_namespace()
    {
        await using var database = SqliteStore.Open(null);
        var catalog = await SearchAttributeCatalog.LoadAsync(database, Cancellation);
        await catalog.AddAsync("a", new Dictionary<string, IndexedValueType> { ["Cluster"] = IndexedValueType.Keyword }, Cancellation);

        var again = await SearchAttributeCatalog.LoadAsync(database, Cancellation);

        again.Of("a").Settable("Cluster").ShouldBe(IndexedValueType.Keyword);
        again.Of("b").Settable("Cluster").ShouldBeNull();
    }

    [Fact]
    public async Task Removing_an_attribute_is_durable_and_harmless_again()
    {
        await using var database = SqliteStore.Open(null);
        var catalog = await SearchAttributeCatalog.LoadAsync(database, Cancellation);
        await catalog.AddAsync("a", new Dictionary<string, IndexedValueType> { ["Cluster"] = IndexedValueType.Keyword }, Cancellation);

        await catalog.RemoveAsync("a", ["Cluster"], Cancellation);

        (await SearchAttributeCatalog.LoadAsync(database, Cancellation)).Of("a").Custom.ShouldBeEmpty();
        await catalog.RemoveAsync("a", ["Cluster"], Cancellation);
    }

    [Theory]
    [InlineData("WorkflowId", IndexedValueType.Keyword, Grpc.Core.StatusCode.InvalidArgument)]
    [InlineData("TemporalChangeVersion", IndexedValueType.KeywordList, Grpc.Core.StatusCode.InvalidArgument)]
    [InlineData("New", IndexedValueType.Unspecified, Grpc.Core.StatusCode.InvalidArgument)]
    [InlineData("New", (IndexedValueType)77, Grpc.Core.StatusCode.InvalidArgument)]
    [InlineData("", IndexedValueType.Int, Grpc.Core.StatusCode.InvalidArgument)]
    [InlineData("a\"b'c", IndexedValueType.Int, Grpc.Core.StatusCode.InvalidArgument)]
    public async Task What_cannot_be_registered_is_refused_and_changes_nothing(string name, IndexedValueType type, Grpc.Core.StatusCode code)
    {
        await using var database = SqliteStore.Open(null);
        var catalog = await SearchAttributeCatalog.LoadAsync(database, Cancellation);
        await catalog.AddAsync("a", new Dictionary<string, IndexedValueType> { ["Known"] = IndexedValueType.Keyword }, Cancellation);
        var both = new Dictionary<string, IndexedValueType> { ["Good"] = IndexedValueType.Bool, [name] = type };

        (await Should.ThrowAsync<RpcFailure>(catalog.AddAsync("a", both, Cancellation))).Code.ShouldBe(code);

        (await SearchAttributeCatalog.LoadAsync(database, Cancellation)).Of("a").Custom.Keys.ShouldBe(["Known"]);
        await catalog.AddAsync("a", new Dictionary<string, IndexedValueType> { ["Known"] = IndexedValueType.Int }, Cancellation);
        catalog.Of("a").Settable("Known").ShouldBe(IndexedValueType.Keyword);
    }

    [Fact]
    public void A_checked_attribute_carries_its_type()
    {
        var given = new SearchAttributes { IndexedFields = { ["Nodes"] = new Payload { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") }, Data = ByteString.CopyFromUtf8("7") } } };

        var payload = AttributeCheck.Checked(Runs.Types, given).IndexedFields["Nodes"];

        payload.Metadata["type"].ToStringUtf8().ShouldBe("Int");
        given.IndexedFields["Nodes"].Metadata.ShouldNotContainKey("type");
    }

    [Theory]
    [InlineData("Unknown", "1", "Namespace ns has no mapping defined for search attribute Unknown")]
    [InlineData("StartTime", "\"2026-11-24T00:00:00Z\"", "StartTime attribute can't be set")]
    [InlineData("Nodes", "\"seven\"", "invalid value for search attribute Nodes of type Int")]
    [InlineData("Nodes", "7.5", "invalid value for search attribute Nodes of type Int")]
    [InlineData("Cluster", "{}", "invalid value for search attribute Cluster of type Keyword")]
    [InlineData("Due", "\"soon\"", "invalid value for search attribute Due of type Datetime")]
    [InlineData("Keysets", "[1]", "invalid value for search attribute Keysets of type KeywordList")]
    [InlineData("Cluster", "not json", "invalid value for search attribute Cluster of type Keyword")]
    public void An_attribute_that_cannot_be_kept_is_refused(string name, string json, string words)
    {
        var given = new SearchAttributes { IndexedFields = { [name] = new Payload { Data = ByteString.CopyFromUtf8(json) } } };

        var failure = Should.Throw<RpcFailure>(() => AttributeCheck.Checked(Runs.Types, given));

        failure.Code.ShouldBe(Grpc.Core.StatusCode.InvalidArgument);
        failure.Message.ShouldContain(words);
    }

    [Fact]
    public void Values_have_a_size_limit()
    {
        JsonNode value = new string('x', AttributeCheck.MaxValueBytes);

        Should.Throw<RpcFailure>(() => Runs.Row("a").With("Cluster", value)).Message.ShouldContain("exceeds size limit");
    }
}
