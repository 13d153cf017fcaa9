using System.Reflection;
using System.Text;
using System.Text.Json;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;
using Temporalio.Workflows;

namespace Rotation.Tests.Docs.Reference;

/// <summary><c>docs/reference/inputs.md</c>: what each workflow is started with and can be told.</summary>
internal static class InputsPage
{
    private static readonly XmlDocs Docs = new(Names.Field, typeof(RotationWorkflows).Assembly);

    public static string Render()
    {
        var page = new StringBuilder("# Inputs\n\nOne JSON object each; names are matched without regard to case; an unknown field is refused by name. Only fields marked as required must be there.\n");
        HashSet<Type> shown = [];
        foreach (Type workflow in RotationWorkflows.Types.Where(t => InputOf(t) is { } input && typeof(PersonInput).IsAssignableFrom(input)))
        {
            page.Append($"\n## `{workflow.Name}`\n\n{Docs.Of(workflow)}\n");
            Queue<Type> open = new([InputOf(workflow)!]);
            while (open.TryDequeue(out Type? type))
                if (shown.Add(type))
                    AddTable(page, type, open);
            AddCalls(page, workflow, open);
            while (open.TryDequeue(out Type? type))
                if (shown.Add(type))
                    AddTable(page, type, open);
        }

        return page.ToString();
    }

    public static Type? InputOf(Type workflow) =>
        workflow.GetMethods().Single(m => m.GetCustomAttribute<WorkflowRunAttribute>() is not null).GetParameters() is [{ } only] ? only.ParameterType : null;

    private static void AddTable(StringBuilder page, Type type, Queue<Type> open)
    {
        object defaults = Activator.CreateInstance(type)!;
        page.Append($"\n### {type.Name}\n\n{Docs.Of(type)}\n\n| field | kind | default | |\n|---|---|---|---|\n");
        foreach (PropertyInfo field in Fields(type))
        {
            page.Append($"| `{Names.Field(field.Name)}` | {Names.Cell(Names.Kind(field.PropertyType))} | {Names.Cell(Default(field, defaults))} | {Names.Cell(Docs.Of(field))} |\n");
            foreach (Type below in new[] { field.PropertyType, Names.ElementOf(field.PropertyType), Names.ValueOf(field.PropertyType) }.OfType<Type>().Where(Names.IsObject))
                open.Enqueue(below);
        }
    }

    private static void AddCalls(StringBuilder page, Type workflow, Queue<Type> open)
    {
        string[] signals = [.. Named<WorkflowSignalAttribute>(workflow, a => a.Name)], updates = [.. Named<WorkflowUpdateAttribute>(workflow, a => a.Name)], queries = [.. Named<WorkflowQueryAttribute>(workflow, a => a.Name)];
        if (signals.Length > 0)
            page.Append($"\nSignals: {string.Join(", ", signals)}. ");
        if (updates.Length > 0)
            page.Append($"Updates: {string.Join(", ", updates)}. ");
        if (queries.Length > 0)
            page.Append($"Queries: {string.Join(", ", queries)}.");
        page.Append('\n');
        // What has no defaults is said by one workflow to another, not by people.
        foreach (Type input in workflow.GetMethods().Where(m => m.GetCustomAttribute<WorkflowSignalAttribute>() is not null).SelectMany(m => m.GetParameters()).Select(p => p.ParameterType).Where(t => Names.IsObject(t) && t.GetConstructor(Type.EmptyTypes) is not null))
            open.Enqueue(input);
    }

    private static IEnumerable<string> Named<T>(Type workflow, Func<T, string?> name)
        where T : Attribute =>
        workflow.GetMethods().Select(m => m.GetCustomAttribute<T>()).OfType<T>().Select(a => $"`{name(a)}`").Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<PropertyInfo> Fields(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.CanWrite && p.DeclaringType != typeof(PersonInput) && p.Name is not "EqualityContract");

    private static string Default(PropertyInfo field, object defaults) => field.GetValue(defaults) switch
    {
        null or "" => "",
        { } value when Names.IsObject(field.PropertyType) => value is null ? "" : "see below",
        { } value => $"`{JsonSerializer.Serialize(value, field.PropertyType, RotationDataConverter.Json)}`",
    };
}
