// The package brings its types, but does not say where they are.
declare module "openseadragon" {
  const OpenSeadragon: typeof import("openseadragon/types");
  export default OpenSeadragon;
}
