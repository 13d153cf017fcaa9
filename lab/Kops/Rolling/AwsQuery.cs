using System.Xml.Linq;
using Rotation.Lab.Aws;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>Calls of the AWS query protocol, with the retries that kops' SDK makes. The lab takes them unsigned.</summary>
internal sealed class AwsQuery(Uri endpoint, CancellationToken cancel) : IDisposable
{
    private const int Retries = 13;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public Task<XElement> AutoScalingAsync(string action, params (string Name, string Value)[] parameters) => CallAsync(action, AwsRequest.AutoScalingVersion, parameters);

    public Task<XElement> Ec2Async(string action, params (string Name, string Value)[] parameters) => CallAsync(action, AwsRequest.Ec2Version, parameters);

    public Task<XElement> LoadBalancingAsync(string action, params (string Name, string Value)[] parameters) => CallAsync(action, AwsRequest.LoadBalancingVersion, parameters);

    public Task<XElement> ClassicLoadBalancingAsync(string action, params (string Name, string Value)[] parameters) => CallAsync(action, AwsRequest.ClassicLoadBalancingVersion, parameters);

    public void Dispose() => _http.Dispose();

    private async Task<XElement> CallAsync(string action, string version, (string Name, string Value)[] parameters)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var body = new FormUrlEncodedContent([new("Action", action), new("Version", version), .. parameters.Select(p => KeyValuePair.Create(p.Name, p.Value))]);
            using HttpResponseMessage answer = await SendAsync(body).ConfigureAwait(false);
            XElement content = Plain(XElement.Parse(await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false)));
            if (answer.IsSuccessStatusCode)
                return content;
            string code = content.Descendants("Code").First().Value;
            if (attempt == Retries || ((int)answer.StatusCode < 500 && !code.Contains("Throttling", StringComparison.Ordinal)))
                throw new KopsAwsError(code, content.Descendants("Message").First().Value, (int)answer.StatusCode);
            await Task.Delay(FirstPause * Math.Min(attempt + 1, 10), cancel).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpContent body)
    {
        try
        {
            return await _http.PostAsync(endpoint, body, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw new KopsError($"RequestError: send request failed\ncaused by: Post \"{endpoint}\": dial tcp: {e.Message}");
        }
    }

    private static XElement Plain(XElement element)
    {
        foreach (XElement each in element.DescendantsAndSelf())
            each.Name = each.Name.LocalName;
        return element;
    }
}

/// <summary>An error answer of AWS.</summary>
internal sealed class KopsAwsError(string code, string message, int status) : Exception($"{code}: {message}\n\tstatus code: {status}")
{
    public string Code { get; } = code;
}
