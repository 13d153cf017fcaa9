using Rotation.Activities.Hosting;

namespace Rotation.Activities.Notifications;

/// <summary>Who is told when a rotation needs people. Bound from the section <c>Rotation:Notifications</c>.</summary>
public sealed class NotificationOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Rotation:Notifications";

    /// <summary>Names of the notifiers used when a request names none.</summary>
    public IList<string> Default { get; } = [];

    /// <summary>The notifiers, by the name that requests use.</summary>
    public IDictionary<string, NotifierOptions> Notifiers { get; } = new Dictionary<string, NotifierOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often one notifier is tried. Default 5; 1 to 20. Waits grow from one second to thirty, or as long as the receiver asks for, up to thirty.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>How long one try may take. Default ten seconds; at most a minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Shapes of a message.</summary>
public enum NotifierFormat
{
    /// <summary>The notification as one JSON object, or <see cref="NotifierOptions.Template"/>.</summary>
    Json,

    /// <summary>As Slack's incoming webhooks, and what is compatible with them, want it.</summary>
    Slack,
}

/// <summary>One webhook.</summary>
public sealed class NotifierOptions
{
    /// <summary>Its address: https, or http on this host. From a file or the environment, because the address of a chat's webhook is itself a secret.</summary>
    public SecretSource Url { get; set; } = new();

    /// <summary>Shape of the message. Default: one JSON object.</summary>
    public NotifierFormat Format { get; set; }

    /// <summary>
    /// Body instead of the one JSON object: JSON in which <c>{id}</c>, <c>{kind}</c>, <c>{cluster}</c>, <c>{workflowId}</c>, <c>{step}</c>, <c>{text}</c>, <c>{sendNext}</c> and
    /// <c>{reportHead}</c>, inside of texts, stand for the notification's. Not with <see cref="NotifierFormat.Slack"/>.
    /// </summary>
    public string? Template { get; set; }

    /// <summary>Value of the header <c>Authorization</c>. Default: none.</summary>
    public SecretSource Authorization { get; set; } = new();

    /// <summary>
    /// Key that signs the body: the header <c>X-Rotation-Signature</c> is then <c>sha256=</c> and the HMAC-SHA-256 in lower-case hexadecimal, so that the receiver knows who sent it. Default: none.
    /// </summary>
    public SecretSource SigningKey { get; set; } = new();
}
