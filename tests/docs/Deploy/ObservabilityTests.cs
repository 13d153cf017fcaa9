using System.Text.Json;
using System.Text.RegularExpressions;
using Rotation.Tests.Support;
using Rotation.Worker.Observability;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Docs.Deploy;

/// <summary>Dashboard and alerts ask for nothing that a worker does not export, and group by nothing that a metric does not have.</summary>
public sealed partial class ObservabilityTests
{
    [Fact]
    public void Every_metric_of_the_dashboard_is_exported() => AllExported(DashboardQueries());

    [Fact]
    public void Every_metric_of_the_alerts_is_exported() => AllExported(AlertQueries());

    [Fact]
    public void Every_metric_stands_on_the_dashboard()
    {
        string queries = string.Join('\n', DashboardQueries());

        MetricTable.All.Select(m => m.Name).Where(name => !queries.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static void AllExported(string[] queries)
    {
        queries.Length.ShouldBeGreaterThan(5);
        Dictionary<string, MetricDefinition> series = MetricTable.All.SelectMany(m => m.Series.Select(s => (s, m))).ToDictionary(p => p.s, p => p.m);
        foreach (string query in queries)
        {
            string[] names = [.. MetricName().Matches(query).Select(m => m.Value).Distinct()];
            names.ShouldNotBeEmpty(query);
            names.ShouldAllBe(n => series.ContainsKey(n), query);
            string[] labels = [.. names.SelectMany(n => series[n].Labels), "le"];
            GroupedBy().Matches(query).SelectMany(m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)).ShouldBeSubsetOf(labels, query);
            Selected().Matches(query).Select(m => m.Groups[1].Value).ShouldBeSubsetOf(labels, query);
        }
    }

    private static string[] DashboardQueries()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("deploy", "observability", "dashboard.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!)];
    }

    private static string[] AlertQueries() =>
        [.. File.ReadLines(RepositoryRoot.Combine("deploy", "observability", "alerts.yaml")).Select(l => l.Trim()).Where(l => l.StartsWith("expr:", StringComparison.Ordinal)).Select(l => l["expr:".Length..])];

    [GeneratedRegex("rotation_[a-z_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"by \(([^)]*)\)")]
    private static partial Regex GroupedBy();

    [GeneratedRegex("[{,]\\s*([a-z_]+)=")]
    private static partial Regex Selected();
}
