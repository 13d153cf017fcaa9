using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Rotation.Tests.Docs.Reference;

/// <summary>Doc comments of an assembly as Markdown.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    private readonly Func<string, string> _nameOf;

    /// <summary>Reads them.</summary>
    /// <param name="nameOf">How a property is written that a comment points to.</param>
    /// <param name="assemblies">The assemblies, whose comments lie beside them.</param>
    public XmlDocs(Func<string, string> nameOf, params Assembly[] assemblies)
    {
        _nameOf = nameOf;
        _members = assemblies
            .SelectMany(a => XDocument.Load(Path.ChangeExtension(a.Location, ".xml")).Descendants("member"))
            .DistinctBy(m => m.Attribute("name")!.Value, StringComparer.Ordinal)
            .ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);
    }

    /// <summary>Summary of a type.</summary>
    public string Of(Type type) => Summary($"T:{Name(type)}");

    /// <summary>Summary of a property, a field or an enum's value.</summary>
    public string Of(MemberInfo member) => Summary($"{(member is PropertyInfo ? 'P' : 'F')}:{Name(member.DeclaringType!)}.{member.Name}");

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private string Summary(string name) => _members.TryGetValue(name, out XElement? member) && member.Element("summary") is { } summary
        ? Spaces().Replace(string.Concat(summary.Nodes().Select(Render)), " ").Trim()
        : throw new InvalidOperationException($"{name} has no doc comment.");

    private string Render(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" or "paramref" } code => $"`{code.Value}{code.Attribute("name")?.Value}`",
        XElement { Name.LocalName: "see" } see when see.Attribute("href") is { } link => $"[{see.Value}]({link.Value})",
        XElement { Name.LocalName: "see" } see when see.Attribute("langword") is { } word => $"`{word.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{Short(see.Attribute("cref")!.Value)}`",
        XElement other => string.Concat(other.Nodes().Select(Render)),
        _ => "",
    };

    // "P:Rotation.Workflows.Contracts.ApprovalPolicy.Timeout": what people type is the last word.
    private string Short(string reference)
    {
        string last = reference[(reference.LastIndexOf('.') + 1)..];
        return reference[0] == 'P' ? _nameOf(last) : last;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
