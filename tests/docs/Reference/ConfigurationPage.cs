using System.Globalization;
using System.Reflection;
using System.Text;
using Rotation.Activities.Approvals;
using Rotation.Activities.Hosting;
using Rotation.Activities.Notifications;
using Rotation.Worker.CodecServer;
using Rotation.Worker.Encryption;
using Rotation.Worker.Hosting;

namespace Rotation.Tests.Docs.Reference;

/// <summary><c>docs/reference/configuration.md</c>: every setting of the worker.</summary>
internal static class ConfigurationPage
{
    private static readonly XmlDocs Docs = new(name => name, typeof(RotationOptions).Assembly, typeof(EncryptionOptions).Assembly);

    /// <summary>Sections and the classes they are bound to.</summary>
    public static IReadOnlyList<(string Section, Type Type)> Sections { get; } =
        [
            (RotationOptions.Section, typeof(RotationOptions)),
            (ApprovalOptions.Section, typeof(ApprovalOptions)),
            (NotificationOptions.Section, typeof(NotificationOptions)),
            (EncryptionOptions.Section, typeof(EncryptionOptions)),
            (WorkerOptions.Section, typeof(WorkerOptions)),
            (CodecServerOptions.Section, typeof(CodecServerOptions)),
        ];

    public static string Render()
    {
        var page = new StringBuilder(
            "# Configuration\n\nOf workers and commands: a JSON file (`--config FILE`, or `appsettings.json` where the process runs), and over it the environment. A key such as `Rotation:Kops:Path` is "
            + "`Rotation__Kops__Path` in the environment. `NAME` stands for a name of your choice, `0` for a place in a list. Everything is checked when the worker starts, and all errors are reported at once.\n");
        foreach ((string section, Type type) in Sections)
        {
            page.Append($"\n## `{section}`\n\n{Docs.Of(type)}\n\n| key | kind | default | |\n|---|---|---|---|\n");
            AddRows(page, section, type);
        }

        return page.ToString();
    }

    private static void AddRows(StringBuilder page, string prefix, Type type)
    {
        object defaults = Activator.CreateInstance(type)!;
        foreach (PropertyInfo setting in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite || Names.ElementOf(p.PropertyType) is not null || Names.ValueOf(p.PropertyType) is not null))
        {
            string key = $"{prefix}:{setting.Name}";
            if (Names.ValueOf(setting.PropertyType) is { } value)
                AddOne(page, $"{key}:NAME", value, "", Docs.Of(setting));
            else if (Names.ElementOf(setting.PropertyType) is { } element)
                AddOne(page, $"{key}:0", element, "", Docs.Of(setting));
            else
                AddOne(page, key, setting.PropertyType, Default(setting, defaults), Docs.Of(setting));
        }
    }

    private static void AddOne(StringBuilder page, string key, Type type, string standard, string text)
    {
        bool isObject = Names.IsObject(type);
        if (Names.ElementOf(type) is { } element)
            (key, type, isObject) = ($"{key}:0", element, Names.IsObject(element));
        page.Append($"| `{key}` | {(isObject ? "" : Names.Cell(Names.Kind(type)))} | {standard} | {Names.Cell(text)} |\n");
        if (isObject)
            AddRows(page, key, type);
    }

    // Folders of the machine that renders the page say nothing to its readers.
    private static string Default(PropertyInfo setting, object defaults) => setting.GetValue(defaults) switch
    {
        null or "" => "",
        _ when Names.IsObject(setting.PropertyType) => "",
        string folder when folder.StartsWith(UserFolder.Path, StringComparison.Ordinal) => "",
        Enum value => value.ToString() == "Unset" ? "" : $"`{value}`",
        bool value => value ? "`true`" : "`false`",
        { } value => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };
}
