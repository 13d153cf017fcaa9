using System.Text.Json.Nodes;

namespace Rotation.Lab.Kubernetes;

/// <summary>An answer that is a <c>Status</c> object, thrown where a request cannot go on.</summary>
internal sealed class ApiStatusException(int code, string reason, string message) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>Causes for <c>details</c>, or null.</summary>
    public JsonArray? Causes { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public static ApiStatusException NotFound(ResourceKind resource, string name) =>
        new(404, "NotFound", $"{Qualified(resource)} \"{name}\" not found");

    public static ApiStatusException AlreadyExists(ResourceKind resource, string name) =>
        new(409, "AlreadyExists", $"{Qualified(resource)} \"{name}\" already exists");

    public static ApiStatusException Conflict(ResourceKind resource, string name) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {Qualified(resource)} \"{name}\": the object has been modified; please apply your changes to the latest version and try again");

    public JsonObject ToJson()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
            ["code"] = Code,
        };
        if (Causes is not null)
            status["details"] = new JsonObject { ["causes"] = Causes.DeepClone() };
        return status;
    }

    private static string Qualified(ResourceKind resource) => resource.Group.Length == 0 ? resource.Plural : $"{resource.Plural}.{resource.Group}";
}
