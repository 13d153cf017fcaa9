using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace Rotation.Activities.AwsQuery;

/// <summary>Reads an answer of the query protocol; its failures become typed.</summary>
internal abstract class QueryAnswer : XmlResponseUnmarshaller
{
    public sealed override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input) => Read(Document(input));

    public sealed override AmazonServiceException UnmarshallException(XmlUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        XElement root = Document(input);
        XElement? error = Child(root, "Error");
        ErrorType type = Text(error, "Type") == "Sender" ? ErrorType.Sender : ErrorType.Receiver;
        return Fail(Text(error, "Message") ?? "No message.", innerException, type, Text(error, "Code") ?? statusCode.ToString(), Text(root, "RequestId") ?? "", statusCode);
    }

    protected abstract AmazonWebServiceResponse Read(XElement root);

    protected abstract AmazonServiceException Fail(string message, Exception innerException, ErrorType type, string code, string requestId, HttpStatusCode status);

    protected static string? Text(XElement? parent, string name) => Child(parent, name)?.Value;

    protected static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    protected static IEnumerable<XElement> Members(XElement? parent, string name) => Child(parent, name)?.Elements().Where(e => e.Name.LocalName == "member") ?? [];

    protected static int? Number(XElement parent, string name) => int.TryParse(Text(parent, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static XElement Document(XmlUnmarshallerContext input)
    {
        using var reader = new StreamReader(input.Stream);
        return XDocument.Parse(reader.ReadToEnd()).Root!;
    }
}
