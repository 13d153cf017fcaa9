using Microsoft.AspNetCore.Http;

namespace Rotation.Lab.Aws;

/// <summary>A request of the query protocol: an action and flat parameters.</summary>
internal sealed class AwsRequest(IFormCollection form)
{
    public const string Ec2Version = "2016-11-15";
    public const string AutoScalingVersion = "2011-01-01";
    public const string ClassicLoadBalancingVersion = "2012-06-01";
    public const string LoadBalancingVersion = "2015-12-01";

    public string Action => Text("Action") ?? "";

    /// <summary>EC2 has its own forms of answers and errors.</summary>
    public bool IsEc2 => Text("Version") == Ec2Version;

    public bool IsAutoScaling => Text("Version") == AutoScalingVersion;

    public bool IsClassicLoadBalancing => Text("Version") == ClassicLoadBalancingVersion;

    public string? Text(string name) => form.TryGetValue(name, out var value) ? value.ToString() : null;

    public string Required(string name) => Text(name) ?? throw new AwsException("ValidationError", $"The request must contain the parameter {name}.");

    public bool Flag(string name, bool otherwise = false) => Text(name) is { } text ? text == "true" : otherwise;

    /// <summary>A list: EC2 writes <c>Name.1</c>, the others <c>Name.member.1</c>; of structures, the values of one <paramref name="member"/>: <c>Name.member.1.Id</c>.</summary>
    public IReadOnlyList<string> List(string name, string? member = null)
    {
        var prefix = IsEc2 ? name + "." : name + ".member.";
        var suffix = member is null ? "" : "." + member;
        return [.. Numbered().Select(n => Text($"{prefix}{n}{suffix}")).TakeWhile(v => v is not null).Select(v => v!)];
    }

    /// <summary>Filters with their names and values.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Filters()
    {
        var (prefix, values) = IsEc2 ? ("Filter.", "Value") : ("Filters.member.", "Values");
        return [.. Numbered().TakeWhile(n => Text($"{prefix}{n}.Name") is not null).Select(n => (Text($"{prefix}{n}.Name")!, List($"{prefix}{n}.{values}")))];
    }

    private static IEnumerable<int> Numbered() => Enumerable.Range(1, 1000);
}

/// <summary>An error answer of AWS.</summary>
internal sealed class AwsException(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;
}
