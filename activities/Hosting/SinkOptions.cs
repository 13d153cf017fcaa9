namespace Rotation.Activities.Hosting;

/// <summary>Kinds of sink.</summary>
public enum SinkType
{
    /// <summary>Not said: refused at start.</summary>
    Unset,

    /// <summary>A file on the worker's host.</summary>
    File,

    /// <summary>A Secret in a Kubernetes cluster.</summary>
    Secret,

    /// <summary>An object in S3 or a compatible store.</summary>
    S3,

    /// <summary>A program that reads, writes and deletes.</summary>
    Command,
}

/// <summary>One place kubeconfigs are delivered to. <c>{cluster}</c> in a path, name or key stands for the cluster's name.</summary>
public sealed class SinkOptions
{
    /// <summary>What it is.</summary>
    public SinkType Type { get; set; }

    /// <summary>File: absolute path of the kubeconfig; written 0600 by write-then-rename.</summary>
    public string? Path { get; set; }

    /// <summary>Secret: kubeconfig of the cluster that holds the Secret. Default: the one the worker runs in.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>Secret: namespace. Default <c>default</c>.</summary>
    public string Namespace { get; set; } = "default";

    /// <summary>Secret: name of the Secret.</summary>
    public string? Name { get; set; }

    /// <summary>Secret and S3: key in the Secret (default <c>kubeconfig</c>) or of the object.</summary>
    public string? Key { get; set; }

    /// <summary>S3: bucket.</summary>
    public string? Bucket { get; set; }

    /// <summary>S3: endpoint of a compatible store, addressed by path. Default: AWS.</summary>
    public string? Endpoint { get; set; }

    /// <summary>S3: region. Default <c>us-east-1</c>.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>
    /// Command: program and leading arguments. Called with <c>read|write|delete CLUSTER</c> appended; content on standard input and output, never in an
    /// argument. Exit 0: done; <c>read</c> of nothing: exit 4.
    /// </summary>
    public IList<string> Command { get; } = [];
}
