using System.Text.Json;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>How kops 1.26 writes texts in YAML, read in its writer's sources: a kubeconfig's tokens come out as they went in.</summary>
public sealed class YamlFormTests(NewCluster cluster) : IClassFixture<NewCluster>, IDisposable
{
    private readonly EmulatedStore _store = cluster.Store.Copy();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("yEs", "yEs")]
    [InlineData("NaN", "NaN")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("-x", "-x")]
    [InlineData("a:b", "a:b")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("", "\"\"")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("Null", "\"Null\"")]
    [InlineData("0012", "\"0012\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("-0x1F", "\"-0x1F\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData(".5", "\".5\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData("2026-11-30", "\"2026-11-30\"")]
    [InlineData("2026-11-30T10:00:00Z", "\"2026-11-30T10:00:00Z\"")]
    [InlineData("*.example.com", "'*.example.com'")]
    [InlineData("@every 1h", "'@every 1h'")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("it's #1: 'x' #", "'it''s #1: ''x'' #'")]
    [InlineData(" x", "' x'")]
    [InlineData("---x", "'---x'")]
    [InlineData("a\tb", "\"a\\tb\"")]
    public async Task A_text_is_quoted_where_it_must_be(string value, string written)
    {
        await ExportAsync(value);

        File.ReadAllText(_store.File("kubeconfig")).ShouldContain($"\n    token: {written}\n");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("*", "'")]
    public async Task A_line_is_broken_at_the_first_single_blank_after_80_columns(string start, string quote)
    {
        string upTo80 = start.PadRight(69 - quote.Length, 'x');

        await ExportAsync($"{upTo80}  y z  a bb");

        File.ReadAllText(_store.File("kubeconfig")).ShouldContain($"\n    token: {quote}{upTo80}  y\n      z  a bb{quote}\n");
    }

    private Task<Emulated> ExportAsync(string token)
    {
        File.WriteAllText(_store.File("kubeconfig"), $"users:\n- name: me\n  user:\n    token: {JsonSerializer.Serialize(token)}\n");
        return _store.RunAsync($"export kubecfg --kubeconfig {_store.File("kubeconfig")}");
    }
}
