using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Rotation.Activities.AwsQuery;

/// <summary>Writes requests of one action, which their type names, in the query protocol: what stand-ins for packages of the SDK have in common.</summary>
/// <param name="service">Namespace of the service in the SDK.</param>
/// <param name="version">Version of its API.</param>
/// <param name="write">Adds the parameters of a request.</param>
internal sealed class QueryMarshaller<TRequest>(string service, string version, Action<TRequest, IDictionary<string, string>> write) : IMarshaller<IRequest, AmazonWebServiceRequest>
    where TRequest : AmazonWebServiceRequest
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var request = new DefaultRequest(input, service) { HttpMethod = "POST", ResourcePath = "/", UseQueryString = false };
        request.Parameters.Add("Action", typeof(TRequest).Name[..^"Request".Length]);
        request.Parameters.Add("Version", version);
        write((TRequest)input, request.Parameters);
        return request;
    }
}

/// <summary>Lists in the query protocol.</summary>
internal static class QueryParameters
{
    /// <summary>Adds <c>NAME.member.N</c> for each value, with the field after it where the members are structures.</summary>
    public static void AddList(this IDictionary<string, string> parameters, string name, IEnumerable<string> values, string? field = null)
    {
        foreach ((int at, string value) in values.Index())
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"{name}.member.{at + 1}{(field is null ? "" : $".{field}")}"), value);
    }
}
