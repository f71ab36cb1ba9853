namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Only what <see cref="Http.FromBodyAttribute"/> derives from; converters of the application's own are not carried out here.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Enum | AttributeTargets.Struct)]
public class InputConverterAttribute : Attribute
{
    private protected InputConverterAttribute() { }
}
