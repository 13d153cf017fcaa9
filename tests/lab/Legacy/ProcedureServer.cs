using Rotation.DevServer;
using Rotation.Tests.Lab.Rolls;
using Rotation.Workflows;

namespace Rotation.Tests.Lab.Legacy;

/// <summary>The Temporal server of whole procedures, with our search attributes.</summary>
public sealed class ProcedureServer : RollServer
{
    protected override DevServerOptions Options => new() { Namespaces = [Namespace], SearchAttributes = RotationSearchAttributes.All.ToDictionary(a => a.Name, _ => "Keyword") };
}
