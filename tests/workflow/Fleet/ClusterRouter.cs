using System.Reflection;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fleet;

/// <summary>One worker for many clusters: each activity goes to the implementation of the cluster that its input names.</summary>
internal static class ClusterRouter
{
    /// <param name="implementations">The objects with the activities of each cluster, by its name; the same types for every cluster.</param>
    public static IEnumerable<ActivityDefinition> Of(IReadOnlyDictionary<string, object[]> implementations)
    {
        object[] sample = implementations.Values.First();
        for (int i = 0; i < sample.Length; i++)
        {
            int at = i;
            foreach (MethodInfo method in sample[i].GetType().GetMethods().Where(m => m.GetCustomAttribute<ActivityAttribute>() is not null))
                yield return ActivityDefinition.Create(
                    method.Name[..^"Async".Length],
                    method.ReturnType,
                    [.. method.GetParameters().Select(p => p.ParameterType)],
                    method.GetParameters().Length,
                    inputs => method.Invoke(implementations[ClusterOf(inputs[0]!)][at], inputs));
        }
    }

    private static string ClusterOf(object input)
    {
        object cluster = input.GetType().GetProperty("Cluster")?.GetValue(input) ?? input;
        return cluster as string ?? (string)cluster.GetType().GetProperty("Name")!.GetValue(cluster)!;
    }
}
