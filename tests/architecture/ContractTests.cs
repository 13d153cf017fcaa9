using System.Reflection;
using System.Xml.Linq;
using Rotation.Activities.Hosting;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Activities;
using Xunit;

namespace Rotation.Tests.Architecture;

/// <summary>The contracts between people, workflows and activities.</summary>
public sealed class ContractTests
{
    private static readonly Assembly Workflows = typeof(RotateKeypairsRequest).Assembly;

    [Fact]
    public void Every_public_type_and_property_of_the_contracts_has_a_doc_comment()
    {
        HashSet<string> documented = [.. XDocument.Load(Path.ChangeExtension(Workflows.Location, ".xml")).Descendants("member").Where(HasText).Select(m => m.Attribute("name")!.Value)];
        Type[] contracts = [.. Workflows.GetExportedTypes().Where(t => t.Namespace is "Rotation.Workflows.Contracts" or "Rotation.Workflows.Activities" && !t.IsNested)];

        contracts.ShouldNotBeEmpty();
        contracts.Select(t => $"T:{t.FullName}").Where(n => !documented.Contains(n)).ShouldBeEmpty();
        contracts.SelectMany(Properties).Where(n => !documented.Contains(n)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_activity_interface_has_one_class_whose_methods_are_activities_too()
    {
        Type[] interfaces = [.. Workflows.GetExportedTypes().Where(t => t.IsInterface && t.GetMethods().Any(IsActivity))];

        interfaces.ShouldNotBeEmpty();
        foreach (Type contract in interfaces)
        {
            Type implementation = ActivityRegistration.ActivityTypes.Where(contract.IsAssignableFrom).ShouldHaveSingleItem();
            InterfaceMapping map = implementation.GetInterfaceMap(contract);
            map.TargetMethods.Where(m => !IsActivity(m)).Select(m => $"{implementation.Name}.{m.Name}").ShouldBeEmpty();
        }
    }

    [Fact]
    public void Everything_that_a_person_may_type_has_defaults() =>
        Workflows.GetExportedTypes().Where(t => typeof(PersonInput).IsAssignableFrom(t) && !t.IsAbstract).Where(t => t.GetConstructor(Type.EmptyTypes) is null).ShouldBeEmpty();

    private static bool IsActivity(MethodInfo method) => method.GetCustomAttribute<ActivityAttribute>() is not null;

    private static bool HasText(XElement member) => member.Value.Trim().Length > 0 || member.Element("inheritdoc") is not null;

    // A positional record's properties are documented as its parameters.
    private static IEnumerable<string> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(p => p.Name != "EqualityContract" && !type.GetConstructors().Any(c => c.GetParameters().Any(a => a.Name == p.Name)))
        .Select(p => $"P:{type.FullName}.{p.Name}");
}
